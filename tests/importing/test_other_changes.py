"""What an import changed: new dates, other columns, and the list of changes as CSV."""

from pathlib import Path

import pytest

from data.store.database import Store
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.changes import MAY, changes_csv, changes_of, email_keys, transaction_key
from tests.support.queries import FEBRUARY_10
from tests.support.rows import Code, Row, Transaction, csv_bytes
from tests.support.stores import import_rows


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (Code("A1", start="02/01/2016 00:00"), "new dates"),
        (Code("A1", expiry="02/02/2016 00:00"), "new dates"),
        (Code("A1", expiry=""), "new dates"),
        (Code("A1", start="02/01/2016 00:00", expiry="02/02/2016 00:00"), "new dates"),
        (Code("A1", type="Discount"), "changed"),
        (Code("A1", quantity="2"), "changed"),
        (Code("A1", quantity=""), "changed"),
        (Code("A1", item="17"), "changed"),
        (Code("A1", parent="P1"), "changed"),
    ],
)
def test_a_change_of_a_code_is_recorded_as_new_dates_or_as_changed(
    store: Store, tmp_path: Path, row: Row, change: str
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A2"))
    done = import_rows(store, tmp_path / "b.csv", row, Code("A2"))
    assert changes_of(store, done) == {change: email_keys("A1")}


@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_a_scope_given_later_changes_the_rows(store: Store, tmp_path: Path, kind: str) -> None:
    row = Code("A1") if kind == "codes" else Transaction(1, "A1")
    import_rows(store, tmp_path / "a.csv", row)
    done = import_rows(store, tmp_path / "b.csv", row, scope=MAY)
    key = email_keys("A1") if kind == "codes" else [transaction_key(1, "A1")]
    assert changes_of(store, done) == {"changed": key}


def test_of_a_code_in_two_rows_only_the_last_row_changes_anything(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"))
    done = import_rows(store, tmp_path / "b.csv", Code("A1", expiry=""), Code("A1", quantity="3"))
    assert changes_of(store, done) == {"changed": email_keys("A1")}
    again = import_rows(store, tmp_path / "c.csv", Code("A1", expiry=""), Code("A1", quantity="3"))
    assert changes_of(store, again) == {}


def test_the_csv_of_a_change_holds_every_row_as_text(store: Store, tmp_path: Path) -> None:
    awkward = ["1E5", "0012", 'say "hi", twice', "line\nbreak", "=A1", "Café", "9" * 40]
    done = import_rows(store, tmp_path / "a.csv", *(Code(text, "S, M") for text in awkward))
    rows = [("S, M", text, "") for text in awkward]
    header = ("Group_Name", "Code", "Transaction_ID")
    assert changes_csv(store, done.import_id, "new codes") == csv_bytes([header, *rows])
    sold = import_rows(store, tmp_path / "b.csv", *(Transaction(t, t, "") for t in awkward))
    sales = [("", text, text) for text in awkward]
    assert changes_csv(store, sold.import_id, "new transactions") == csv_bytes([header, *sales])


def test_a_long_list_of_changes_comes_in_pages_and_its_csv_whole(
    store: Store, tmp_path: Path
) -> None:
    rows = [Code(f"A{n}") for n in range(120)]
    import_rows(store, tmp_path / "a.csv", *rows)
    done = import_rows(store, tmp_path / "b.csv", *(Code(row[0], quantity="2") for row in rows))
    pages = []
    with store.cursor() as cursor:
        for offset in (0, 50, 100, 150):
            values = {"import_id": done.import_id, "change": "changed", "offset": offset}
            frame = run(cursor, "import_changes_rows", Filters(), FEBRUARY_10, **values)
            pages.append(list(frame["code"]))
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    assert [text for page in pages for text in page] == [row[0] for row in rows]
    assert changes_csv(store, done.import_id, "changed").count(b"\n") == 121
