"""Line ends, quotes, byte-order marks, seconds and names of files."""

from datetime import datetime
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.store.database import Store
from tests.support.exports import export_bytes
from tests.support.rows import CODES, TRANSACTIONS, Code, Transaction, codes_file, csv_bytes
from tests.support.stores import counts, import_rows, redemption_times, stored_rows

pytestmark = pytest.mark.slow

ROWS = [
    Code("A1", "Café"),
    Code('a "b", c', 'Newspaper, "Times"', parent="P\n1"),
    Code("B1", redeemed="08/01/2016 19:42"),
]
ROWS_BYTES = csv_bytes([CODES, *ROWS])
DIALECTS = {
    "a byte-order mark": csv_bytes([CODES, *ROWS], mark=True),
    "Windows line ends": csv_bytes([CODES, *ROWS], line_end="\r\n"),
    "no final line end": ROWS_BYTES.removesuffix(b"\n"),
    "Windows line ends but for the last": csv_bytes([CODES, *ROWS], line_end="\r\n").removesuffix(
        b"\r\n"
    ),
    "quotes around everything": csv_bytes([CODES, *ROWS], quote_all=True),
    "quotes around everything and no final line end": csv_bytes(
        [CODES, *ROWS], quote_all=True
    ).removesuffix(b"\n"),
    "a blank line at the end": ROWS_BYTES + b"\n",
    "blank lines at the end": ROWS_BYTES + b"\n\n\n",
    "blank Windows lines at the end": csv_bytes([CODES, *ROWS], line_end="\r\n") + b"\r\n\r\n",
    "all that a spreadsheet does": csv_bytes(
        [CODES, *ROWS], line_end="\r\n", quote_all=True, mark=True
    )
    + b"\r\n",
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_csv_file_of_any_dialect_is_read_right(
    store: Store, tmp_path: Path, dialect: str
) -> None:
    path = tmp_path / "dressed.csv"
    path.write_bytes(DIALECTS[dialect])
    assert counts(load(store, path)) == (len(ROWS), 0, 0, 0)
    assert export_bytes(store, "codes") == ROWS_BYTES
    assert min(redemption_times(store)) == datetime(2016, 1, 8, 19, 42)
    path.write_bytes(ROWS_BYTES)
    assert counts(load(store, path)) == (0, 0, len(ROWS), 0)


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("inside", ["\n", "\r\n", "\r"], ids=["unix", "windows", "mac"])
def test_a_line_break_in_quotes_stays_as_it_is_whatever_ends_the_lines(
    store: Store, tmp_path: Path, end: str, inside: str
) -> None:
    rows = [Code("A1"), Code(f"B{inside}1"), Code("C1", parent=f"{inside}x{inside}")]
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([CODES, *rows], line_end=end))
    assert counts(load(store, path)) == (3, 0, 0, 0)
    assert export_bytes(store, "codes") == csv_bytes([CODES, *rows])


def test_a_file_of_one_row_without_a_line_end_is_read_right(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([TRANSACTIONS, Transaction(1, "A1")]).rstrip())
    assert counts(load(store, path)) == (1, 0, 0, 0)


def test_seconds_survive(store: Store, tmp_path: Path) -> None:
    codes = Code("A1", start="01/01/2016 00:00:01", redeemed="08/01/2016 19:42:59"), Code("A2")
    sold = Transaction(1, "A2", time="09/01/2016 23:59:59"), Transaction(2, "A2")
    import_rows(store, tmp_path / "a.csv", *codes)
    import_rows(store, tmp_path / "b.csv", *sold)
    assert export_bytes(store, "codes") == csv_bytes([CODES, *codes])
    assert export_bytes(store, "transactions") == csv_bytes([TRANSACTIONS, *sold])
    assert min(redemption_times(store)) == datetime(2016, 1, 8, 19, 42)
    assert max(redemption_times(store)) == datetime(2016, 1, 9, 23, 59, 59)


def test_the_order_of_a_file_is_kept(store: Store, tmp_path: Path) -> None:
    # More rows than one group of the engine's, in no order that could be recomputed.
    rows = [Code(f"A{n * 7919 % 200_003}") for n in range(200_000)]
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (200_000, 0, 0, 0)
    assert export_bytes(store, "codes") == csv_bytes([CODES, *rows])


@pytest.mark.parametrize("name", ["codes[1].csv", "codes (2).csv", "codes*.csv", "what?.csv",
                                  "Café 100%.csv", "it's.csv", "codes.txt", "codes",
                                  "codes.csv.gz"])  # fmt: skip
def test_the_name_of_a_file_does_not_matter(store: Store, tmp_path: Path, name: str) -> None:
    codes_file(tmp_path / "codes1.csv", Code("OTHER"))  # what the pattern codes[1].csv would find
    done = load(store, codes_file(tmp_path / name, Code("A1")))
    assert (done.file, done.new) == (name, 1)
    assert stored_rows(store, "codes") == [("A1", None, None, None)]
