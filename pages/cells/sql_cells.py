"""The sandboxes in which SQL cells run, and what a cell names, known without running it."""

from functools import lru_cache

from data.store.reading_copy import Copies
from data.store.settings import allows_sql
from queries.engine.sandbox.cells import NotAllowed, SqlError
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
        return _names(sql)
    except SqlError:
        return frozenset()  # it took too long, say: the next run of the page tries again


def close() -> None:
    """End the processes of all sandboxes, when the app stops."""
    sandboxes.close()
    _readers.close()


class NoCopy:
    """What a process has open that only reads SQL: nothing."""

    path = None

    def release(self) -> None:
        """There is nothing to release."""


@lru_cache(MOST_NAMED)
def _names(sql: str) -> frozenset[str]:
    with _readers.using("", NoCopy()) as sandbox:
        try:
            return sandbox.names(sql).tables
        except NotAllowed:
            return frozenset()  # running it says why
