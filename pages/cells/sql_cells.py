"""The sandboxes in which SQL cells run, and what a cell names, known without running it."""

from functools import lru_cache

from data.store.database import Store
from data.store.reading_copy import Copies, Copy
from data.store.settings import allows_sql
from queries.engine.sandbox.cells import Earlier, SqlCell, SqlError
from queries.engine.sandbox.choices import choices_of, tables_in
from queries.engine.sandbox.pool import Sandboxes

copies = Copies()
sandboxes = Sandboxes()
# A page has to know what a cell names before it is drawn: it never waits for cells that run.
_readers = Sandboxes(most=1)
MOST_NAMED = 1000  # SQL texts whose names are remembered


def has_sql() -> bool:
    """Whether SQL cells run here: not with VOUCHERS_SQL=0."""
    return allows_sql()


def names_in(sql: str) -> frozenset[str]:
    """The tables and cells that a cell's SQL names, in lower case; none where it is refused."""
    if not has_sql():
        return frozenset()
    try:
        return tables_of(sql)
    except SqlError:
        return frozenset()  # it took too long, say: the next run of the page tries again


def copy_for(store: Store, cell: SqlCell, earlier: Earlier) -> Copy:
    """A copy of the data on which a cell can run. Release it. Raises NotCopied, SqlError."""
    return copies.of(store, lambda: choices_of(cell, earlier, tables_of))


def copy_to_begin(store: Store) -> Copy:
    """A copy of the data, or one of no rows where each cell needs its own. Raises NotCopied."""
    return copies.of(store, lambda: ())


def close() -> None:
    """End the processes of all sandboxes, when the app stops."""
    sandboxes.close()
    _readers.close()


class NoCopy:
    """What a process has open that only reads SQL: nothing."""

    path = None
    version = 0

    def release(self) -> None:
        """There is nothing to release."""


@lru_cache(MOST_NAMED)
def tables_of(sql: str) -> frozenset[str]:
    """What names_in() returns. Raises SqlError where that could not be found out."""
    with _readers.using("", NoCopy()) as sandbox:
        return tables_in(sandbox, sql)
