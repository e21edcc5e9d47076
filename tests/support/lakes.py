"""Stores whose rows lie on a lake, beside stores that hold their rows themselves."""

from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from data.replay import undo
from data.store.database import Store
from data.store.lake.lake import Lake
from data.store.manifest import ImportRow
from data.store.rows import InStore
from data.store.settings import PARQUET, rows_folder
from data.store.sql import Cursor

# Rows of these tables have an order, in which files and pages show them.
ORDERED = ("codes", "transactions")
OTHERS = (
    "from vouchers.warnings order by all",
    "from vouchers.changes order by all",
    "from vouchers.code_totals order by all",
    "from vouchers.redemption_totals order by all",
    "from vouchers.site_totals order by all",
    # Where a file does not say when it was exported, that is when it was imported.
    "select * exclude (imported_at, undone_at)"
    " replace (nullif(exported_at, date_trunc('minute', imported_at)) as exported_at),"
    " undone_at is null from vouchers.imports order by 1",
)


def on_lake(path: Path) -> closing[Store]:
    """A store whose rows lie on a lake, closed at the end of the block."""
    return closing(Store(path, engine=PARQUET))


def held(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all eight tables; codes and redemptions in the order in which they lie."""
    with store.cursor() as cursor:
        tables = [f"from vouchers.{table}" for table in ORDERED]
        return {sql: cursor.execute(sql).fetchall() for sql in (*tables, *OTHERS)}


class Replayed(NamedTuple):
    """The numbers of the imports that were replayed to take others back."""

    on_top: list[int]  # on the rows as they were before
    anew: list[int]  # from the first on, into empty tables


def noting_replays(
    monkeypatch: pytest.MonkeyPatch, where: type[Lake] | type[InStore] = Lake
) -> Replayed:
    """Note what stores replay from now on whose rows lie there."""
    found = Replayed([], [])

    def note(name: str, numbers: list[int]) -> None:
        play = getattr(undo, name)

        def noted(store: Store, cursor: Cursor, row: ImportRow) -> None:
            if isinstance(store.rows, where):
                numbers.append(row["import_id"])
            play(store, cursor, row)

        monkeypatch.setattr(undo, name, noted)

    note("replay_on_top", found.on_top)
    note("replay", found.anew)
    return found


def names_in_force(store: Store) -> set[str]:
    """The names of the files of the rows as they are."""
    return _names(store, "until_import is null")


def names_replaced(store: Store) -> set[str]:
    """The names of the files of the rows as they were before imports, as far as they are kept."""
    return _names(store, "until_import is not null")


def names_of(store: Store) -> set[str]:
    """The names of all files that belong to the store."""
    return names_in_force(store) | names_replaced(store)


def rows_of(store: Store, *, replaced: bool) -> int:
    """How many rows the replaced files have in sum, or those in force."""
    sql = "select coalesce(sum(rows), 0) from vouchers.files where (until_import is not null) = ?"
    with store.cursor() as cursor:
        ((rows,),) = cursor.execute(sql, [replaced]).fetchall()
    return int(rows)


def assert_within_bounds(store: Store) -> None:
    """Replaced files have no more rows than those in force, and all are there."""
    assert rows_of(store, replaced=True) <= rows_of(store, replaced=False)
    assert names_there(store.path) >= names_of(store)


def _names(store: Store, condition: str) -> set[str]:
    with store.cursor() as cursor:
        sql = f"select name from vouchers.files where {condition}"  # noqa: S608
        return {name for (name,) in cursor.execute(sql).fetchall()}


def names_there(store: Path) -> set[str]:
    """The names of the files that lie in the folder of its rows."""
    return {file.name for file in rows_folder(store).iterdir()}
