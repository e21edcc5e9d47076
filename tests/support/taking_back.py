"""Imports that change each other's rows, made on a lake and in a store to be taken back."""

from datetime import datetime
from pathlib import Path

from data.importing.pipeline import load
from data.replay.undo import undo
from data.store.database import Store
from tests.support.lakes import held
from tests.support.rows import COLUMNS, Code, Row, Transaction, csv_bytes, kind_of
from tests.support.stores import opened

# Many codes in small files, so that a change of a few leaves most files as they were.
A_CODES = [f"A{number:02}" for number in range(60)]
FIRST: list[Row] = [Code(code) for code in A_CODES]
SECOND: list[Row] = [
    Code("A01", item="second"),
    Code("B1"),
    Code("B2", redeemed="05/01/2016 10:00"),
]
SOLD: list[Row] = [
    Transaction(1, "A01"),
    Transaction(2, "A01", time="06/01/2016 12:00"),
    Transaction(3, "X1"),
]
THIRD: list[Row] = [Code("A01", item="third"), Code("X1"), Code("B1", item="third")]
ALL_CHANGED: list[list[Row]] = [[Code(code, item=str(n)) for code in A_CODES] for n in range(3)]
IMPORTS: list[list[Row]] = [FIRST, SECOND, SOLD, THIRD]  # each changes rows of one before
EXPORTED_AT = datetime(2016, 1, 31)  # without it, the minute of each import


def import_all(store: Store, *imports: list[Row]) -> None:
    path = store.path.with_suffix(".csv")
    for rows in imports:
        path.write_bytes(csv_bytes([COLUMNS[kind_of(rows)], *rows]))
        load(store, path, exported_at=EXPORTED_AT)


def assert_as_in_a_store(lake: Store, folder: Path, *steps: list[Row] | set[int]) -> None:
    """The lake holds what a store holds after these imports and what was taken back of them."""
    with opened(folder / f"{len(list(folder.iterdir()))}" / "vouchers.duckdb") as store:
        for step in steps:
            if isinstance(step, set):
                undo(store, step)
            else:
                import_all(store, step)
        assert held(lake) == held(store)
