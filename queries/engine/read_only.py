"""Opens a store for reading, for commands that run without the app."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from queries.engine.texts import QUERIES

# The contract between data/ and queries/ is SQL.
FOLDER = QUERIES.parent / "data" / "store" / "macros"
# In an order in which each finds those that it uses.
MACROS = (FOLDER / "order.txt").read_text("utf-8").split()


class StoreUnreadable(Exception):
    """The store cannot be read; the text says why and what to do."""


class StoreLocked(StoreUnreadable):
    """Another process has the store locked, most likely the app."""


@contextmanager
def open_read_only(
    store: Path, why: Callable[[BaseException], str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor on the store, for one task. Raises StoreUnreadable, also for the block's errors.

    `why` gives the reason for a failure as a clause, as why() in data/store/reasons.py does.
    """
    if not store.exists():
        raise StoreUnreadable(f"There is no store at {store}. Name another one with --store.")
    try:
        with duckdb.connect() as db:
            db.execute("attach ? as vouchers (read_only)", [str(store)])
            for name in MACROS:
                db.execute((FOLDER / f"{name}.sql").read_text("utf-8"))
            yield db
    except duckdb.Error as error:
        raise _reason(store, error, why) from None


def _reason(
    store: Path, error: duckdb.Error, why: Callable[[BaseException], str]
) -> StoreUnreadable:
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return StoreUnreadable(
            f"{store} is not a store of this version of Voucher Explorer. Open one of an "
            "earlier version once with the app, or name another one with --store."
        )
    if "set lock on file" in str(error).replace(str(store), ""):
        return StoreLocked(
            f"{store} is in use by another process: most likely Voucher Explorer is "
            "running. Download from its pages, or stop it first."
        )
    return StoreUnreadable(f"{store} cannot be read, or the file not be written: {why(error)}.")
