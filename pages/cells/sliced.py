"""Runs SQL cells of the open store each on a copy of the rows that it reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from data.store.copying import NotCopied
from data.store.database import Store
from pages.cells.sql_cells import copy_for, tables_of
from queries.engine.sandbox.cells import Earlier, SqlCell, SqlFailed
from queries.engine.sandbox.pool import Sandboxes
from queries.engine.sandbox.sandbox import Sandbox
from queries.notebooks.run import ALWAYS_CHANGED
from queries.notebooks.sliced import Sliced


def sliced(store: Store, version: int, pool: Sandboxes, notebook: str) -> Sliced:
    """What runs cells in the sandboxes of a pool, as long as the data have this version."""

    @contextmanager
    def sandbox_for(cell: SqlCell, earlier: Earlier) -> Iterator[Sandbox]:
        try:
            copy = copy_for(store, cell, earlier)
        except NotCopied as error:
            raise SqlFailed(str(error), cell=cell.name) from None
        if copy.version != version:
            copy.release()
            raise SqlFailed(ALWAYS_CHANGED, cell=cell.name)
        with pool.using(notebook, copy) as sandbox:
            yield sandbox

    return Sliced(sandbox_for, tables_of)
