"""Runs SQL cells for alerts, in a sandbox of their own: people's cells never wait for them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import NoReturn

from data import owner
from data.store.copying import NotCopied
from pages.cells.sliced import sliced
from pages.cells.sql_cells import copy_to_begin, has_sql
from queries.engine.sandbox.cells import SqlError
from queries.engine.sandbox.pool import Sandboxes
from queries.notebooks.sandboxed import Sandboxed
from queries.notebooks.sql import Earlier, NoSql, Sql, SqlResult, SqlText

IDLE = 30.0  # seconds: the notebooks of one check use the same sandbox
OF_ALERTS = "alerts"  # what stands for a notebook in the pool, which has one place

sandboxes = Sandboxes(most=1, idle_seconds=IDLE)


class NoSandbox:
    """Says of each SQL cell why it cannot run."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def is_current(self) -> bool:
        """There is no copy that could be of other data."""
        return True

    def names(self, sql: str) -> NoReturn:
        """Raise NoSql."""
        raise NoSql(self._reason)

    def run(self, cell: SqlText, earlier: Sequence[Earlier]) -> SqlResult:
        """Raise NoSql."""
        raise NoSql(self._reason)

    def compiled(self, cell: SqlText, earlier: Sequence[Earlier]) -> str:
        """Raise NoSql."""
        raise NoSql(self._reason)


@contextmanager
def sql_cells() -> Iterator[Sql | None]:
    """What runs SQL on a copy of the data as they are; None where SQL cells are turned off."""
    if not has_sql():
        yield None
        return
    with ExitStack() as opened:
        yield _sandbox(opened)


def _sandbox(opened: ExitStack) -> Sql:
    store = owner.store()
    try:
        copy = copy_to_begin(store)
        if copy.is_slice:
            copy.release()
            of_slices = sliced(store, copy.version, sandboxes, OF_ALERTS)
            return Sandboxed(of_slices, lambda: store.version == copy.version)
        sandbox = opened.enter_context(sandboxes.using(OF_ALERTS, copy))
    except (NotCopied, SqlError) as error:
        return NoSandbox(str(error))
    return Sandboxed(sandbox, lambda: store.version == copy.version)
