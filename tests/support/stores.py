"""Fills stores, and reads what is in them."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from data.importing.pipeline import load
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.store.database import Store
from data.store.originals import folder_of
from data.store.settings import rows_folder
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.model import NUMBERS, UPTAKE, File, View
from tests.support.queries import FEBRUARY_10, query_rows
from tests.support.rows import COLUMNS, Row, csv_bytes, kind_of

STORED = {
    "codes": "select code, folder, prefix, batch from vouchers.codes order by all",
    "transactions": (
        "select code, own_folder, own_prefix, own_batch from vouchers.transactions"
        " where not from_codes_file order by all"
    ),
    "imports": (
        "select file, kind, folder, prefix, batch, rows, new, updated, unchanged, duplicates"
        " from vouchers.imports where not is_sample or undone_at is null order by import_id"
    ),
}


def in_scratch(store: Store) -> list[Path]:
    """The files that the store needs for a while, such as copies."""
    return [path for path in store.scratch.iterdir() if path.is_file()]


def import_rows(store: Store, path: Path, *rows: Row, scope: Scope = Scope()) -> ImportResult:
    """Write the rows to a file and import it."""
    path.write_bytes(csv_bytes([COLUMNS[kind_of(rows)], *rows]))
    return load(store, path, scope)


def import_text(store: Store, text: str, **scope: str) -> ImportResult:
    """Import a file of this text."""
    file = store.scratch / "text.csv"
    file.write_bytes(text.encode())
    return load(store, file, Scope(**scope))


def import_file(store: Store, file: File, *, is_sample: bool = False) -> ImportResult:
    """Import a file of the model."""
    path = file.write(store.path.parent)
    return load(store, path, file.scope, encoding=file.encoding, is_sample=is_sample)


def counts(imported: ImportResult) -> tuple[int, int, int, int]:
    """New, updated, unchanged, duplicates."""
    result = imported.new, imported.updated, imported.unchanged, imported.duplicates
    assert imported.rows == sum(result)
    return result


def view(store: Store, filters: Filters = Filters(), now: datetime = FEBRUARY_10) -> View:
    """The figures of the Overview: tiles, groups and statuses."""
    with store.cursor() as cursor:
        (numbers,) = query_rows(cursor, "numbers", filters, now)
        groups = query_rows(cursor, "uptake_by_group", filters, now)
        statuses = query_rows(cursor, "status", filters, now)
    return {
        "numbers": {name: numbers[name] for name in NUMBERS},
        "groups": {row["group_name"]: {name: row[name] for name in UPTAKE} for row in groups},
        "statuses": {row["status"]: row["codes"] for row in statuses},
    }


def number_of(store: Store, name: str, filters: Filters = Filters()) -> Any:  # noqa: ANN401
    """One of the numbers of numbers.sql."""
    return view(store, filters)["numbers"][name]


def redemption_times(store: Store) -> list[datetime]:
    """The times of the first page of redemptions."""
    values = {"sort": "time", "descending": False, "offset": 0, "of": 50}
    with store.cursor() as cursor:
        return list(run(cursor, "transactions_rows", Filters(), FEBRUARY_10, **values)["time"])


def stored_rows(store: Store, kind: str) -> list[tuple[Any, ...]]:
    """Codes, transactions or imports, each with its scope."""
    with store.cursor() as cursor:
        return cursor.execute(STORED[kind]).fetchall()


def all_rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as they are."""
    with store.cursor() as cursor:
        return {
            table: sorted(cursor.execute(f"from vouchers.{table}").fetchall(), key=repr)
            for table in ("imports", "warnings", "changes", "codes", "transactions", "store")
        }


def opened(path: Path) -> contextlib.closing[Store]:
    """A store that is closed at the end of the block."""
    return contextlib.closing(Store(path))


@contextlib.contextmanager
def temporary_store() -> Iterator[Store]:
    """An empty store; fixtures do not start afresh for each example of hypothesis."""
    with (
        tempfile.TemporaryDirectory() as directory,
        opened(Path(directory) / "vouchers.duckdb") as store,
    ):
        yield store


def copied(store: Path, folder: Path) -> Path:
    """A copy of a closed store, with its originals and the rows that lie outside of it."""
    shutil.copytree(folder_of(store), folder_of(folder / store.name))
    if (rows := rows_folder(store)).exists():
        shutil.copytree(rows, rows_folder(folder / store.name))
    return Path(shutil.copy(store, folder / store.name))
