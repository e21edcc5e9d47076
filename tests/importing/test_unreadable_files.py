"""Files that are missing, change while they are read, or need an encoding."""

import re
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.store.database import Store
from data.store.errors import Refused
from tests.support.exports import export_bytes
from tests.support.rows import (
    CODES,
    SECRET,
    TRANSACTIONS,
    Code,
    Transaction,
    codes_file,
    csv_bytes,
    lines,
)
from tests.support.stores import all_rows
from tests.support.wrong_files import MANY, SOLD_A, SOLD_B, A, B, C, D


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_path_that_is_no_file_is_refused(yesterday: Store, tmp_path: Path, name: str) -> None:
    before = all_rows(yesterday)
    with pytest.raises(Refused, match="cannot be read"):
        load(yesterday, tmp_path / name)
    assert all_rows(yesterday) == before


@pytest.mark.parametrize("change", ["grows", "shrinks"])
def test_a_file_that_changes_while_it_is_read_is_imported_as_it_was_or_not_at_all(
    yesterday: Store, tmp_path: Path, change: str
) -> None:
    path = codes_file(tmp_path / "wrong.csv", *MANY)
    after = lines(CODES, *MANY, D) if change == "grows" else lines(CODES, *MANY[:9])

    def meddle(share: float, doing: str) -> None:
        if doing == "Reading":  # it has been checked by now
            path.write_bytes(after)

    before = all_rows(yesterday)
    try:
        done = load(yesterday, path, progress=meddle)
    except Refused as error:
        message = str(error)
    else:
        assert done.rows == len(MANY)
        return
    finally:
        assert path.read_bytes() == after
    assert SECRET not in message
    assert all_rows(yesterday) == before


def refusal(store: Store, path: Path) -> Refused | None:
    """Why a file of two rows is refused, if it is."""
    try:
        assert load(store, path).rows == 2
    except Refused as error:
        return error
    return None


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_blank_line_above_the_header_is_accepted_or_refused_at_its_line(
    yesterday: Store, tmp_path: Path, end: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(end.encode() + csv_bytes([CODES, B, C], line_end=end))
    refused = refusal(yesterday, path)
    if refused:
        assert (refused.line, refused.column) == (1, None)
        assert re.search("blank|empty|header", refused.reason)


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_file_that_is_cut_in_its_last_line_end_is_imported_or_refused_at_that_line(
    yesterday: Store, tmp_path: Path, end: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([TRANSACTIONS, SOLD_A, SOLD_B], line_end=end)[:-1])
    refused = refusal(yesterday, path)
    assert refused is None or refused.line == 3


@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_leading_zeros_that_a_spreadsheet_dropped_are_refused(
    store: Store, tmp_path: Path, kind: str
) -> None:
    load(store, codes_file(tmp_path / "sms.csv", Code("0012345", "SMS"), Code("0012346", "SMS")))
    path = tmp_path / "saved.csv"
    if kind == "codes":
        path.write_bytes(lines(CODES, Code("A1", "SMS"), Code("12345", "SMS")))
    else:
        path.write_bytes(
            lines(TRANSACTIONS, Transaction(1, "A1", "SMS"), Transaction(2, "12345", "SMS"))
        )
    before = all_rows(store)
    with pytest.raises(Refused, match="zero") as refused:
        load(store, path)
    assert (refused.value.line, refused.value.column) == (3, "Code")
    assert "12345" not in str(refused.value)
    assert all_rows(store) == before


CAFE = [Code("A1", "Café £5 – “free”"), Code("A2", "Café £5 – “free”", parent="Ž\nœ")]


def test_windows_1252_is_read_when_it_is_given_as_the_encoding(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(csv_bytes([CODES, *CAFE], line_end="\r\n").decode().encode("cp1252"))
    with pytest.raises(Refused):
        load(store, path)
    assert load(store, path, encoding="windows-1252").new == 2
    assert export_bytes(store, "codes") == csv_bytes([CODES, *CAFE])


def test_what_is_not_windows_1252_either_is_refused(yesterday: Store, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(lines(CODES, A) + lines(B).replace(b"Email", b"\x81\x8d"))
    before = all_rows(yesterday)
    with pytest.raises(Refused) as refused:
        load(yesterday, path, encoding="windows-1252")
    assert SECRET not in str(refused.value)
    assert all_rows(yesterday) == before
