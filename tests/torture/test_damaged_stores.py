"""A store that cannot be opened is reported and left unchanged."""

import contextlib
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from data.importing.pipeline import load
from data.store.database import Store
from data.store.errors import Refused, StoreBusy, StoreUnavailable
from tests.support.commands import run_load
from tests.support.paths import ROOT
from tests.support.rows import codes_file
from tests.support.stores import opened
from tests.support.weeks import Week, assert_a_sentence, one_code, store_state


@pytest.fixture(scope="module")
def store_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a store."""
    folder = tmp_path_factory.mktemp("good")
    path = folder / "vouchers.duckdb"
    with opened(path) as store:
        load(store, codes_file(folder / "a.csv", *(one_code(n, True) for n in range(30_000))))
    return path.read_bytes()


def with_a_hole(store_bytes: bytes, at: int) -> bytes:
    """The same with 64 bytes changed, each in another way.

    The engine's checksum is an xor over words of eight bytes: where some equal ones stand side by
    side, as the times of redemptions do, the same change of an even number of them goes unseen.
    """
    hole = bytes(byte ^ (number + 1) for number, byte in enumerate(store_bytes[at : at + 64]))
    return store_bytes[:at] + hole + store_bytes[at + 64 :]


def of_version(store_bytes: bytes, number: int) -> bytes:
    """The store as another version of the engine would mark it."""
    head = store_bytes[8:12] + number.to_bytes(8, "little") + store_bytes[20:4096]
    check = 5381
    for at in range(0, len(head), 8):
        check ^= int.from_bytes(head[at : at + 8], "little") * 0xBF58476D1CE4E5B9 % 2**64
    return check.to_bytes(8, "little") + head + store_bytes[4096:]


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "zeros": lambda store_bytes: bytes(len(store_bytes)),
    "cut in its head": lambda store_bytes: store_bytes[:5_000],
    "damaged in its first head": lambda store_bytes: with_a_hole(store_bytes, 100),
    "damaged in its second head": lambda store_bytes: with_a_hole(store_bytes, 4_196),
    "damaged in its third head": lambda store_bytes: with_a_hole(store_bytes, 8_292),
    "of a newer engine": lambda store_bytes: of_version(store_bytes, 99_999),
    "of an older engine": lambda store_bytes: of_version(store_bytes, 1),
    "a text": lambda store_bytes: b"Code,Group_Name\n" * 1_000,
    "a zip archive": lambda store_bytes: b"PK\x03\x04" + store_bytes[4:],
    "a page": lambda store_bytes: b"<!DOCTYPE html><html></html>" * 1_000,
}


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder, with its bytes and the time of its last change."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def why_unavailable(path: Path) -> StoreUnavailable:
    """Why the store cannot be opened; trying has changed no file."""
    before = snapshot(path.parent)
    with pytest.raises(StoreUnavailable) as failed:
        Store(path).close()
    assert snapshot(path.parent) == before
    assert_a_sentence(str(failed.value))
    assert path.name in str(failed.value)
    return failed.value


@pytest.mark.parametrize("folder", ["store", "blocks and locks", "version 2"])
@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_store_or_another_file_is_reported_and_left_unchanged(
    tmp_path: Path, store_bytes: bytes, kind: str, folder: str
) -> None:
    path = tmp_path / folder / "vouchers.duckdb"
    path.parent.mkdir()
    path.write_bytes(DAMAGED[kind](store_bytes))
    error = why_unavailable(path)
    assert not isinstance(error, StoreBusy), error
    right = "Update|another version" if "engine" in kind else "damaged"
    assert re.search(right, str(error)), error


def test_a_database_of_another_program_is_reported_and_left_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("create table orders (number integer)")
    assert not isinstance(why_unavailable(path), StoreBusy)


@pytest.mark.parametrize("table", ["orders", "codes", "imports"])
def test_a_duckdb_database_of_another_program_is_reported_and_left_unchanged(
    tmp_path: Path, table: str
) -> None:
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute(f"create table {table} (number integer)")
    assert "not one that Voucher Explorer made" in str(why_unavailable(path))


def test_a_store_of_a_newer_voucher_explorer_is_reported_as_newer_and_left_unchanged(
    tmp_path: Path, store_bytes: bytes
) -> None:
    path = tmp_path / "vouchers.duckdb"
    path.write_bytes(store_bytes)
    with duckdb.connect(str(path)) as db:
        db.execute("update store set schema_version = schema_version + 1")
        db.execute("alter table codes add column colour varchar")
        db.execute("drop table warnings")
    error = str(why_unavailable(path))
    assert "not one that Voucher Explorer made" not in error
    assert re.search("newer|another version|Update", error), error


def test_a_folder_in_the_place_of_a_store_is_reported(tmp_path: Path) -> None:
    (tmp_path / "vouchers.duckdb").mkdir()
    assert not isinstance(why_unavailable(tmp_path / "vouchers.duckdb"), StoreBusy)


def test_a_store_that_another_process_owns_is_reported_as_in_use_and_left_unchanged(
    tmp_path: Path, store_bytes: bytes
) -> None:
    path = tmp_path / "vouchers.duckdb"
    path.write_bytes(store_bytes)
    hold = "import sys; from data.store.database import Store; from pathlib import Path; s = Store("
    hold += "Path(sys.argv[1])); (s.scratch / 'upload').write_text('x'); print('open', flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", f"{hold}; sys.stdin.read(); s.close()", str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as owner:
        assert owner.stdin
        assert owner.stdout
        assert owner.stdout.readline() == b"open\n"
        error = why_unavailable(path)
        assert isinstance(error, StoreBusy)
        assert "in use" in str(error)
        owner.stdin.close()
        assert owner.wait(10) == 0
    with opened(path) as store:
        assert store_state(store)["codes"][0][0] == 30_000


def test_a_store_damaged_in_its_middle_never_shows_the_engines_own_message(
    tmp_path: Path, store_bytes: bytes
) -> None:
    path = tmp_path / "vouchers.duckdb"
    path.write_bytes(with_a_hole(store_bytes, 300_000))
    file = codes_file(tmp_path / "codes.csv", *(one_code(n, False) for n in range(100)))
    with opened(path) as store:
        for _ in range(2):
            with pytest.raises((Refused, StoreUnavailable)) as failed:
                load(store, file)
            assert_a_sentence(str(failed.value))
            assert "damaged" in str(failed.value)


@pytest.mark.parametrize("kind", ["cut", "flipped", "something else"])
def test_a_log_damaged_by_a_crash_loses_no_import_that_is_in_the_store(
    small: Week, tmp_path: Path, kind: str
) -> None:
    path = small.copy_to(tmp_path / "crashed")
    log = path.with_name("vouchers.duckdb.wal")
    # The checkpoint cannot be written, so that all of the import stands in the log alone.
    assert run_load(path, small.file, disk=path.stat().st_size).returncode == 0
    whole = log.read_bytes()
    half = len(whole) // 2
    log.write_bytes({"cut": whole[:half], "flipped": with_a_hole(whole, half)}.get(kind, b"x" * 99))
    failure: StoreUnavailable | None = None
    try:
        with opened(path) as store:
            assert store_state(store) in (small.before, small.after)
    except StoreUnavailable as error:
        failure = error
    if failure:
        assert_a_sentence(str(failure))
        assert kind != "cut", "This one is what a crash leaves: it must need no human."
        assert not isinstance(failure, StoreBusy)
