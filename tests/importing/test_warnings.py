"""Warnings about rows that are possible but odd, with their lines."""

from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.store.database import Store
from tests.support.changes import MAY, warning_lines, warnings_of
from tests.support.rows import CODES, Code, Row, Transaction, csv_bytes
from tests.support.stores import import_rows, number_of, stored_rows

pytestmark = pytest.mark.slow

FINE = Code("A0", start="13/01/2016 00:00", expiry="16/02/2016 00:00")


def dated(text: str, start: str, expiry: str, redeemed: str = "") -> Row:
    return Code(text, start=f"{start} 00:00", expiry=expiry, redeemed=redeemed)


@pytest.mark.parametrize(
    ("kind", "rows", "count", "lines"),
    [
        ("last_day", [FINE, dated("A1", "01/01/2016", "31/01/2016 00:00")], 1, [3]),
        ("last_day", [FINE, dated("A1", "01/01/2016", "29/02/2016 00:01")], 1, [3]),
        ("last_day", [FINE, dated("A1", "01/01/2016", "31/12/2016 00:01")], 1, [3]),
        ("last_day", [FINE, dated("A1", "01/01/2016", "17/01/2016 00:00")], 1, [3]),  # a Sunday
        ("last_day", [dated("A1", "01/01/2016", "31/01/2016 23:59")], 0, []),
        ("last_day", [dated("A1", "01/01/2016", "28/02/2017 12:00")], 0, []),
        ("last_day", [dated("A1", "01/01/2016", "01/02/2016 00:00")], 0, []),  # a Monday
        ("last_day", [Code("A1", expiry="")], 0, []),
        ("not_after_start", [dated("A1", "01/01/2016", "01/01/2016 00:00"), FINE], 1, [2]),
        ("not_after_start", [FINE, dated("A1", "02/01/2016", "01/01/2016 00:00")], 1, [3]),
        ("not_after_start", [Code("A1", start=""), Code("A2", expiry="")], 0, []),
        ("spaces", [Code("A 1"), Code(" A1"), FINE, Code("A1 ")], 3, [2, 3, 5]),
        ("spaces", [Code("A1", "E mail"), Code("A-1")], 0, []),
        ("outside_dates", [Code("A1", redeemed="31/12/2015 23:59")], 1, [2]),
        (
            "outside_dates",
            [FINE, dated("A1", "01/01/2016", "01/02/2016 00:00", "01/02/2016 00:00")],
            1,
            [3],
        ),
        ("outside_dates", [Code("A1", redeemed="01/01/2016 00:00")], 0, []),
        ("outside_dates", [Code("A1", start="", expiry="", redeemed="01/01/1999 00:00")], 0, []),
        ("no_quantity", [FINE, Code("A1", quantity=""), Code("A2", quantity="0")], 1, [3]),
        ("only_case", [FINE, Code("ab1"), Code("X1"), Code("AB1"), Code("aB1")], 1, [3]),
        ("only_case", [Code("ab1"), Code("AB1", "SMS")], 0, []),
        ("only_case", [Code("ab1"), Code("ab1")], 0, []),
        ("overruled", [Code("A1"), FINE, Code("A1", quantity="2")], 1, [2]),
        ("overruled", [Code("A1", quantity=n) for n in "1232"], 2, [2, 4]),
        ("overruled", [Code("A1"), Code("A1"), Code("A1", "SMS", quantity="2")], 0, []),
    ],
)
def test_what_is_odd_in_a_codes_file_is_stored_and_reported_with_its_lines(
    store: Store, tmp_path: Path, kind: str, rows: list[Row], count: int, lines: list[int]
) -> None:
    done = import_rows(store, tmp_path / "a.csv", *rows)
    assert warning_lines(store, done, kind) == ((count, lines) if count else None)
    assert number_of(store, "codes_issued") == len({row[:2] for row in rows})


EXPIRED = Code("A1", start="05/01/2016 00:00", expiry="20/01/2016 00:00")


@pytest.mark.parametrize(
    ("kind", "rows", "count", "lines"),
    [
        ("spaces", [Transaction(1, "A1"), Transaction(2, "A 1")], 1, [3]),
        ("outside_dates", [Transaction(1, "A1", time="04/01/2016 23:59")], 1, [2]),
        ("outside_dates", [Transaction(1, "A1", time="20/01/2016 00:00")], 1, [2]),
        ("outside_dates", [Transaction(1, "A1", time="05/01/2016 00:00")], 0, []),
        ("outside_dates", [Transaction(1, "A1", "SMS", time="01/01/1999 00:00")], 0, []),
        ("unknown_code", [Transaction(1, "A1"), Transaction(2, "B1")], 1, [3]),
        ("unknown_code", [Transaction(1, "A1", "SMS"), Transaction(2, "A1", "")], 2, [2, 3]),
        ("used_twice", [Transaction(n, "A1") for n in range(3)], 1, [4]),
        ("used_twice", [Transaction(1, "A1"), Transaction(2, "A1", cancelled="Yes")], 0, []),
        ("used_twice", [Transaction(n, "A1", campaign="C1") for n in range(3)], 0, []),
        ("used_twice", [Transaction(1, "A1"), Transaction(2, "A1", "SMS")], 0, []),
        ("used_twice", [Transaction(1, "A1"), Transaction(1, "A1")], 0, []),  # one transaction
        (
            "used_twice",
            [Transaction(1, "A1"), Transaction(1, "A1", cancelled="Yes"), Transaction(2, "A1")],
            0,
            [],
        ),
        ("overruled", [Transaction(1, "A1"), Transaction(1, "A1", cancelled="Yes")], 1, [2]),
        ("overruled", [Transaction(1, "A1"), Transaction(1, "A1")], 0, []),
    ],
)
def test_what_is_odd_in_a_transactions_file_is_stored_and_reported_with_its_lines(
    store: Store, tmp_path: Path, kind: str, rows: list[Row], count: int, lines: list[int]
) -> None:
    import_rows(store, tmp_path / "codes.csv", EXPIRED)
    done = import_rows(store, tmp_path / "a.csv", *rows)
    assert warning_lines(store, done, kind) == ((count, lines) if count else None)
    assert len(stored_rows(store, "transactions")) == len({row[0] for row in rows})


def test_dates_whose_days_could_all_be_months_are_no_warning_where_another_date_proves_the_order(
    store: Store, tmp_path: Path
) -> None:
    rows = Code("A1"), Code("A2", expiry="28/04/2016 00:00"), Code("A3", redeemed="")
    done = import_rows(store, tmp_path / "a.csv", *rows)
    assert not [kind for kind in warnings_of(store, done) if "day_month" in kind]
    assert not [text for text in done.warnings if "month" in text]


def test_dates_whose_days_could_all_be_months_are_reported_where_nothing_proves_the_order(
    store: Store, tmp_path: Path
) -> None:
    done = import_rows(store, tmp_path / "a.csv", Code("A1", redeemed="05/01/2016 10:00"))
    found = {
        kind: warning for kind, warning in warnings_of(store, done).items() if "day_month" in kind
    }
    assert found == {
        f"day_month {name}": (1, [], name) for name in ("Start_Date", "Expiry_Date",
                                                        "Redemption_Time")
    }  # fmt: skip
    sold = import_rows(store, tmp_path / "b.csv", Transaction(1, "A1", time="12/01/2016 10:00"))
    assert warnings_of(store, sold)["day_month Time"] == (1, [], "Time")
    later = import_rows(store, tmp_path / "c.csv", Transaction(2, "A1", time="13/01/2016 10:00"))
    assert "day_month Time" not in warnings_of(store, later)


def test_a_file_without_anything_odd_has_no_warning(store: Store, tmp_path: Path) -> None:
    assert warnings_of(store, import_rows(store, tmp_path / "a.csv", FINE)) == {}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_the_lines_of_a_warning_count_line_breaks_in_quotes(
    store: Store, tmp_path: Path, end: str
) -> None:
    rows = [Code("A\n1"), Code("A2", parent="x\ny\nz"), Code("A3", quantity=""), FINE]
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([CODES, *rows], line_end=end, mark=True) + (end * 2).encode())
    assert warning_lines(store, load(store, path), "no_quantity") == (1, [7])


def test_a_warning_names_the_first_five_lines_and_counts_all(store: Store, tmp_path: Path) -> None:
    rows = [FINE, *(Code(f"A{n}", quantity="") for n in range(1, 8))]
    done = import_rows(store, tmp_path / "a.csv", *rows)
    assert warning_lines(store, done, "no_quantity") == (7, [3, 4, 5, 6, 7])
    assert any("Lines 3, 4, 5, 6, 7 …" in sentence for sentence in done.warnings)


def test_the_lines_of_a_warning_are_right_far_down_a_big_file(store: Store, tmp_path: Path) -> None:
    rows = [Code(f"A{n}") for n in range(150_000)]
    rows += [Code("B1", quantity=""), Code("A149999", quantity="2"), Code("A 7")]
    done = import_rows(store, tmp_path / "a.csv", *rows)
    found = {
        kind: warning_lines(store, done, kind) for kind in ("no_quantity", "overruled", "spaces")
    }
    assert found == {
        "no_quantity": (1, [150_002]),
        "overruled": (1, [150_001]),
        "spaces": (1, [150_004]),
    }


def test_no_warning_quotes_a_code(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "0.csv", Code("QZ7 a", quantity=""), Code("QZ7 b"), scope=MAY)
    rows = (
        dated("QZ7 A", "31/12/2016", "31/12/2016 00:00", "31/12/2016 00:00"),
        Code("qz7 a"),
        Code("qz7 a", quantity=""),
    )
    done = import_rows(store, tmp_path / "1.csv", *rows, scope=MAY)
    sold = import_rows(store, tmp_path / "2.csv", *(Transaction(n, "QZ7 X") for n in range(3)))
    assert {"last_day", "not_after_start", "spaces", "outside_dates", "no_quantity", "only_case",
            "overruled", "gone"} <= set(warnings_of(store, done))  # fmt: skip
    assert {"spaces", "unknown_code", "used_twice"} <= set(warnings_of(store, sold))
    assert not [text for text in (*done.warnings, *sold.warnings) if "qz7" in text.lower()]
