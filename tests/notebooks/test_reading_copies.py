"""Copies of an open store: whole, shared, private, gone, and the store's lock is held all along."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from data.store import reading_copy
from data.store.copying import NotCopied
from data.store.database import Store
from data.store.reading_copy import Copies
from queries.engine.sandbox.sandbox import Sandbox
from tests.support.rows import Code
from tests.support.sandboxes import rows_of
from tests.support.stores import in_scratch
from tests.support.vouchers import Vouchers

OPEN = """
import sys
from pathlib import Path
from data.store.database import Store
from data.store.errors import StoreBusy
try:
    Store(Path(sys.argv[1])).close()
except StoreBusy:
    print("locked")
"""
ALL = "select code from chosen_codes order by code"


def is_locked(store: Store) -> bool:
    """Whether another process cannot open the store."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(store.path)], capture_output=True, check=True, text=True
    )
    return done.stdout.strip() == "locked"


def codes_in(path: Path) -> list[str]:
    sandbox = Sandbox(path, seconds=60)
    try:
        return [code for (code,) in rows_of(sandbox, ALL)]
    finally:
        sandbox.close()


def test_the_stores_lock_is_held_while_a_copy_is_made_read_and_deleted(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    assert is_locked(vouchers.store)
    copy = Copies().of(vouchers.store)
    assert is_locked(vouchers.store)
    assert codes_in(copy.path) == ["A1"]
    assert is_locked(vouchers.store)
    copy.release()
    assert is_locked(vouchers.store)


def test_a_copy_is_private_and_gone_when_nobody_holds_it(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    copies = Copies()
    first, second = copies.of(vouchers.store), copies.of(vouchers.store)
    assert first.path == second.path
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600
    first.release()
    first.release()
    assert codes_in(second.path) == ["A1"]
    second.release()
    assert in_scratch(vouchers.store) == []


def test_each_version_of_the_data_has_a_copy_of_its_own(vouchers: Vouchers) -> None:
    copies = Copies()
    vouchers.load(Code("A1"))
    older = copies.of(vouchers.store)
    vouchers.load(Code("A2"))
    newer = copies.of(vouchers.store)
    assert older.version < newer.version == vouchers.store.version
    assert (codes_in(older.path), codes_in(newer.path)) == (["A1"], ["A1", "A2"])
    older.release()
    assert codes_in(newer.path) == ["A1", "A2"]
    newer.release()
    assert in_scratch(vouchers.store) == []


def test_what_only_the_log_has_is_in_the_copy(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    with vouchers.store.cursor() as cursor:  # unlike writing(), it leaves no checkpoint
        cursor.execute("update vouchers.codes set code = 'A2'")
    assert vouchers.store.path.with_name("vouchers.duckdb.wal").stat().st_size > 0
    copy = Copies().of(vouchers.store)
    assert codes_in(copy.path) == ["A2"]
    copy.release()
    assert in_scratch(vouchers.store) == []


@pytest.mark.parametrize("program", [None, "false"])
def test_the_engine_copies_where_no_program_does(
    vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch, program: str | None
) -> None:
    vouchers.load(Code("A1"))
    found = None if program is None else shutil.which(program)
    monkeypatch.setattr(shutil, "which", lambda _: found)
    copy = Copies().of(vouchers.store)
    assert stat.S_IMODE(copy.path.stat().st_mode) == 0o600
    assert codes_in(copy.path) == ["A1"]
    assert is_locked(vouchers.store)
    copy.release()
    assert in_scratch(vouchers.store) == []


def test_a_full_disk_is_said_before_anything_is_written(
    vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_copy, "SPARE", 2**80)
    with pytest.raises(NotCopied, match="no room"):
        Copies().of(vouchers.store)
    assert in_scratch(vouchers.store) == []


def test_an_import_that_goes_on_for_too_long_is_said(
    vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_copy, "WAITING", 0.05)
    copies = Copies()
    with vouchers.store.writing(), pytest.raises(NotCopied, match="being changed"):
        copies.of(vouchers.store)
    copies.of(vouchers.store).release()


def test_imports_go_on_while_a_copy_is_read(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    copy = Copies().of(vouchers.store)
    vouchers.load(Code("A2"))
    assert codes_in(copy.path) == ["A1"]
    copy.release()


def test_closing_the_store_takes_its_copies_along(tmp_path: Path) -> None:
    store = Store(tmp_path / "vouchers.duckdb")
    Copies().of(store)
    store.close()
    assert not store.scratch.exists()
