"""Runs the SQL cells of a notebook each on a copy of the rows that it reads."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager

import pyarrow as pa

from queries.engine.sandbox.cells import Earlier, Names, SqlCell, SqlRows
from queries.engine.sandbox.sandbox import Sandbox

# The sandbox in which a cell can run, with the earlier ones that it reads. Raises SqlError.
SandboxFor = Callable[[SqlCell, Earlier], AbstractContextManager[Sandbox]]


class Sliced:
    """Runs cells as a sandbox does, each in one of its own. Every method raises SqlError."""

    def __init__(self, sandbox_for: SandboxFor, tables_of: Callable[[str], frozenset[str]]) -> None:
        """`tables_of` gives the tables and cells that SQL names, in lower case."""
        self._sandbox_for = sandbox_for
        self._tables_of = tables_of

    def names(self, sql: str) -> Names:
        """The tables and cells that a cell names."""
        return Names(self._tables_of(sql), frozenset())

    def run(self, cell: SqlCell, earlier: Earlier = ()) -> SqlRows:
        """The first rows of a cell's result."""
        with self._sandbox_for(cell, earlier) as sandbox:
            return sandbox.run(cell, earlier)

    def batches(
        self, cell: SqlCell, earlier: Earlier = ()
    ) -> Generator[pa.RecordBatch, None, None]:
        """All rows of a cell's result: read them to their end or close it."""
        with self._sandbox_for(cell, earlier) as sandbox:
            yield from sandbox.batches(cell, earlier)
