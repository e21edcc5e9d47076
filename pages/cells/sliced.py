"""Runs the SQL cells of a notebook each on a copy of the rows that it reads."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pyarrow as pa

from data.store.copying import NotCopied
from data.store.database import Store
from pages.cells.sql_cells import copy_for, tables_of
from queries.engine.sandbox.cells import Earlier, Names, SqlCell, SqlFailed, SqlRows
from queries.engine.sandbox.pool import Sandboxes
from queries.engine.sandbox.sandbox import Sandbox
from queries.notebooks.run import ALWAYS_CHANGED


class Sliced:
    """Runs cells as a sandbox does, in those of a pool, as long as the data have this version."""

    def __init__(self, store: Store, version: int, pool: Sandboxes, notebook: str) -> None:
        self._store = store
        self._version = version
        self._pool = pool
        self._notebook = notebook

    def names(self, sql: str) -> Names:
        """The tables and cells that a cell names; none where running it says what is wrong."""
        return Names(tables_of(sql), frozenset())

    def run(self, cell: SqlCell, earlier: Earlier = ()) -> SqlRows:
        """The first rows of a cell's result. Raises SqlError."""
        with self._sandbox(cell, earlier) as sandbox:
            return sandbox.run(cell, earlier)

    def batches(
        self, cell: SqlCell, earlier: Earlier = ()
    ) -> Generator[pa.RecordBatch, None, None]:
        """All rows of a cell's result: read them to their end or close it. Raises SqlError."""
        with self._sandbox(cell, earlier) as sandbox:
            yield from sandbox.batches(cell, earlier)

    @contextmanager
    def _sandbox(self, cell: SqlCell, earlier: Earlier) -> Iterator[Sandbox]:
        try:
            copy = copy_for(self._store, cell, earlier)
        except NotCopied as error:
            raise SqlFailed(str(error), cell=cell.name) from None
        if copy.version != self._version:
            copy.release()
            raise SqlFailed(ALWAYS_CHANGED, cell=cell.name)
        with self._pool.using(self._notebook, copy) as sandbox:
            yield sandbox
