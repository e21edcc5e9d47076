"""Stores whose rows lie on a lake, beside stores that hold their rows themselves."""

from contextlib import closing
from pathlib import Path
from typing import Any

from data.store.database import Store
from data.store.settings import PARQUET, rows_folder

# Rows of these tables have an order, in which files and pages show them.
ORDERED = ("codes", "transactions")
OTHERS = (
    "from vouchers.warnings order by all",
    "from vouchers.changes order by all",
    "from vouchers.code_totals order by all",
    "from vouchers.redemption_totals order by all",
    "from vouchers.site_totals order by all",
    "select * exclude (imported_at, undone_at), undone_at is null from vouchers.imports order by 1",
)


def on_lake(path: Path) -> closing[Store]:
    """A store whose rows lie on a lake, closed at the end of the block."""
    return closing(Store(path, engine=PARQUET))


def held(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all eight tables; codes and redemptions in the order in which they lie."""
    with store.cursor() as cursor:
        tables = [f"from vouchers.{table}" for table in ORDERED]
        return {sql: cursor.execute(sql).fetchall() for sql in (*tables, *OTHERS)}


def names_in_force(store: Store) -> set[str]:
    """The names of the files that the store names."""
    with store.cursor() as cursor:
        return {name for (name,) in cursor.execute("select name from vouchers.files").fetchall()}


def names_there(store: Path) -> set[str]:
    """The names of the files that lie in the folder of its rows."""
    return {file.name for file in rows_folder(store).iterdir()}
