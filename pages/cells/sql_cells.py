"""The sandboxes in which SQL cells run, and what a cell names, known without running it."""

from functools import lru_cache

from data import owner
from data.store.reading_copy import Copies
from data.store.settings import allows_sql
from queries.engine.sandbox.cells import Names, NotAllowed
from queries.engine.sandbox.pool import Sandboxes

copies = Copies()
sandboxes = Sandboxes()
MOST_NAMED = 1000  # SQL texts whose names are remembered


def has_sql() -> bool:
    """Whether SQL cells run here: not with VOUCHERS_SQL=0."""
    return allows_sql()


def names_in(notebook: str, sql: str) -> frozenset[str]:
    """The tables and cells that a cell's SQL names, in lower case; none where it is refused."""
    if not has_sql():
        return frozenset()
    try:
        return _names(notebook, sql).tables
    except NotAllowed:
        return frozenset()  # running it says why


def close() -> None:
    """End the processes of all sandboxes, when the app stops."""
    sandboxes.close()


@lru_cache(MOST_NAMED)
def _names(notebook: str, sql: str) -> Names:
    copy = copies.of(owner.store())
    with sandboxes.using(notebook, copy) as sandbox:
        return sandbox.names(sql)
