"""A reason is given only where it is established; else the log has the failure under a number."""

import errno
import logging
import os
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from xlsxwriter.exceptions import FileCreateError

from data.importing import messages
from data.importing.pipeline import load
from data.store.copying import NotCopied, backup
from data.store.database import Store
from data.store.errors import Refused, StoreUnavailable, not_read, not_stored
from data.store.reasons import why
from tests.support.commands import run_module
from tests.support.odd_names import odd_folder
from tests.support.rows import SECRET, Code, Transaction, codes_file
from tests.support.stores import counts, import_rows, opened

ENTRY = r"the reason is not known; the log has it as entry ([0-9A-F]{6})"
DEFINITE = re.compile("disk is full|damaged|rebuild|quota|out of place")


@pytest.mark.parametrize(
    ("number", "clause"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the quota of the disk is used up"),
        (errno.EACCES, "permission denied"),
        (errno.ENAMETOOLONG, "file name too long"),
    ],
)
def test_what_the_system_says_is_the_reason_also_where_the_engine_quotes_it(
    number: int, clause: str
) -> None:
    of_system = OSError(number, os.strerror(number))
    assert why(of_system) == clause
    assert why(FileCreateError(of_system)) == clause
    quoted = f'IO Error: Cannot open file "x.duckdb": {os.strerror(number)}'
    assert why(duckdb.IOException(quoted)) == clause


@pytest.mark.parametrize(
    "error",
    [
        duckdb.InvalidInputException(f"cannot encode {SECRET}"),
        duckdb.TransactionException("TransactionContext Error: Failed to commit"),
        duckdb.InternalException("Attempted to access index 3"),
        duckdb.IOException("IO Error: something that nobody knows"),
        RuntimeError("std::bad_cast"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_unknown_reason_is_a_number_that_stands_in_the_log_too(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        found = re.fullmatch(ENTRY, why(error))
    assert found
    assert f"Log entry {found[1]}" in caplog.records[-1].getMessage()
    assert SECRET not in caplog.records[-1].getMessage()
    if isinstance(error, duckdb.Error):
        assert not DEFINITE.search(str(not_stored(error)))


def test_a_full_disk_is_the_reason_where_nothing_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = RuntimeError("no words")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    assert why(error, tmp_path) == "the disk is full"
    assert re.fullmatch(ENTRY, why(error))


def test_only_a_full_disk_asks_for_room() -> None:
    assert str(not_read(OSError(errno.ENOSPC, ""))).endswith("Make room and import it again.")
    assert "room" not in str(not_read(OSError(errno.EACCES, "")))


@pytest.mark.parametrize("name", ["a?b", "a*b", "a[b]", "a'b", 'a"b', "a;b", "a%b", "~a", "a:b"])
def test_a_file_is_imported_whatever_its_folder_and_its_neighbours_are_called(
    store: Store, tmp_path: Path, name: str
) -> None:
    odd_folder(tmp_path, b"a\xffb")  # a neighbour that is no UTF-8
    (tmp_path / name).mkdir()
    done = import_rows(store, tmp_path / name / f"{name}.csv", Code("A1"))
    assert counts(done) == (1, 0, 0, 0)
    again = import_rows(store, tmp_path / name / f"{name}.csv", Code("A2"))
    assert counts(again) == (1, 0, 0, 0)


@pytest.mark.parametrize("name", ["a*b", "a[b", "a'b", "a;b", "a%b"])
def test_a_store_works_in_a_folder_with_an_odd_name(tmp_path: Path, name: str) -> None:
    odd_folder(tmp_path, b"a\xffb")
    (tmp_path / name).mkdir()
    for rows in ([Code("A1")], [Code("A1"), Code("A2")]):
        with opened(tmp_path / name / "v.duckdb") as store:
            import_rows(store, tmp_path / "codes.csv", *rows)
    with opened(tmp_path / name / "v.duckdb") as store:
        backup(store, tmp_path / name / "copy.duckdb")


@pytest.mark.parametrize("name", [b"a?b", b"a\\b", b"a\xffb"])
def test_a_folder_that_the_engine_cannot_take_for_a_store_is_refused_as_that(
    store: Store, tmp_path: Path, name: bytes
) -> None:
    folder = odd_folder(tmp_path, name)
    with pytest.raises(StoreUnavailable) as failed:
        Store(folder / "v.duckdb")
    assert re.search("UTF-8|its path has a", str(failed.value))
    assert not DEFINITE.search(str(failed.value))
    str(failed.value).encode()
    with pytest.raises(NotCopied, match="cannot be a store"):
        backup(store, folder / "copy.duckdb")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("a.csv/v.duckdb", "not a directory|file exists"),
        ("n" * 300 + "/v.duckdb", "file name too long"),
        ("n" * 250 + ".duckdb", "file name too long"),
        ("folder", "is a directory"),
    ],
)
def test_a_place_where_no_store_can_be_is_refused_in_the_systems_words(
    tmp_path: Path, place: str, says: str
) -> None:
    codes_file(tmp_path / "a.csv", Code("A1"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreUnavailable, match=says) as failed:
        Store(tmp_path / place).close()
    assert not DEFINITE.search(str(failed.value))


@pytest.mark.slow
def test_an_export_into_an_odd_folder_arrives_with_its_receipt(tmp_path: Path) -> None:
    with opened(tmp_path / "v.duckdb") as store:
        import_rows(store, tmp_path / "codes.csv", Code("A1"))
    for name in (b"a?b", b"a*b", b"a\\b", b"a\xffb"):
        folder = odd_folder(tmp_path, name)
        target = folder / "out.csv"
        done = run_module("queries.export", tmp_path / "v.duckdb", "codes", "-o", target)
        assert (done.returncode, done.stderr) == (0, "")
        assert target.read_bytes() == (tmp_path / "codes.csv").read_bytes()
        names = {path.name for path in folder.iterdir()}
        assert names == {"out.csv", "out.csv.receipt.json"}


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("Start_Date", "31/12/1899 23:59", "before 1900"),
        ("Start_Date", "31/02/2016 00:00", "no such day"),
        ("Start_Date", " 01/01/2016 00:00", "blanks around"),
        ("Start_Date", "٠١/٠١/٢٠١٦ 00:00", "no date"),
        ("Start_Date", "01/01/2016 00:00+01:00", "no date"),
        ("Aztec_Redemption_Quantity", "1" * 40, "too large"),
        ("Aztec_Redemption_Quantity", "0000000001", "more than nine digits"),
        ("Aztec_Redemption_Quantity", "٣", "not a number"),
        ("Aztec_Redemption_Quantity", " 3", "blanks around"),
        ("Aztec_Redemption_Quantity", "-3 for 2", "not a number"),
        ("Cancelled", "Yes ", "blanks around"),
        ("Cancelled", "Ja", "neither Yes nor No"),
    ],
)
def test_a_value_is_refused_for_what_is_wrong_with_it(column: str, text: str, says: str) -> None:
    assert says in messages.problem(column, text)


def test_a_transaction_id_of_forty_digits_is_an_id_like_any_other(
    store: Store, tmp_path: Path
) -> None:
    digits = "1234567890" * 4
    assert counts(import_rows(store, tmp_path / "a.csv", Code(digits, digits))) == (1, 0, 0, 0)
    sold = Transaction(digits, digits, digits, campaign=digits, site=digits)
    assert counts(import_rows(store, tmp_path / "b.csv", sold)) == (1, 0, 0, 0)


def test_a_folder_in_place_of_a_file_is_refused_as_that(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="a folder, a pipe or a device"):
        load(store, tmp_path)
