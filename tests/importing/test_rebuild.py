"""A store is rebuilt from its originals."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data import rebuild as rebuilding
from data.replay.rebuild import rebuild
from data.replay.undo import undo
from data.store import temporary
from data.store.database import Store
from data.store.errors import Refused
from tests.support.changes import DAMAGE, OVERLAPPING, damage, original_of
from tests.support.ledger import Ledger, state_of
from tests.support.paths import ROOT
from tests.support.rows import Code, codes_file
from tests.support.stores import all_rows, import_rows, opened

pytestmark = pytest.mark.slow


def test_a_deleted_store_is_rebuilt_with_its_history(
    overlapping: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    undo(overlapping, {4})
    before = all_rows(overlapping)
    overlapping.close()
    overlapping.path.unlink()
    assert rebuilding.main(["--store", str(overlapping.path)]) == 0
    assert overlapping.path.name in capsys.readouterr().out
    with opened(overlapping.path) as rebuilt:
        assert all_rows(rebuilt) == before
        undo(rebuilt, {1})  # it finds its originals
        assert (
            state_of(rebuilt).differences(Ledger(tuple(OVERLAPPING), frozenset({1, 4})).state())
            == []
        )


def test_a_damaged_store_is_rebuilt_and_stays_beside_the_new_one(overlapping: Store) -> None:
    before = all_rows(overlapping)
    overlapping.close()
    overlapping.path.write_bytes(b"damaged" * 1000)
    assert rebuilding.main(["--store", str(overlapping.path)]) == 0
    with opened(overlapping.path) as rebuilt:
        assert all_rows(rebuilt) == before
    (kept,) = overlapping.path.parent.glob("vouchers.duckdb.before*")
    assert kept.read_bytes() == b"damaged" * 1000


@pytest.mark.parametrize("how", DAMAGE)
def test_a_store_is_not_rebuilt_from_damaged_originals(
    overlapping: Store, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    before = all_rows(overlapping)
    damage(original_of(overlapping, 2), how)
    overlapping.close()
    beside = sorted(path.name for path in overlapping.path.parent.iterdir())
    assert rebuilding.main(["--store", str(overlapping.path)]) == 1
    message = capsys.readouterr().err
    assert "original" in message
    assert "Traceback" not in message
    left = {path.name for path in overlapping.path.parent.iterdir()} - {*beside}
    assert not [name for name in left if name.endswith(("rebuilt", "wal"))]
    with opened(overlapping.path) as same:
        assert all_rows(same) == before


@pytest.mark.parametrize("content", [None, b"", b"[", b"not a list"])
def test_without_a_list_of_imports_no_store_is_rebuilt(
    overlapping: Store, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    manifest = overlapping.originals / "imports.json"
    manifest.unlink()
    if content is not None:
        manifest.write_bytes(content)
    before = all_rows(overlapping)
    overlapping.close()
    assert rebuilding.main(["--store", str(overlapping.path)]) == 1
    assert "imports.json" in capsys.readouterr().err
    with opened(overlapping.path) as same:
        assert all_rows(same) == before


def test_an_existing_store_is_never_harmed_by_a_failed_rebuild(
    overlapping: Store, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "theirs.duckdb"
    with opened(other) as theirs:
        import_rows(theirs, tmp_path / "theirs.csv", Code("T1"))
        before = all_rows(theirs)
    original_of(overlapping, 2).unlink()
    overlapping.close()
    assert rebuilding.main(["--store", str(overlapping.path), "-o", str(other)]) == 1
    assert other.exists()
    with opened(other) as theirs:
        assert all_rows(theirs) == before


def test_an_existing_store_is_never_mixed_with_a_rebuilt_one(
    overlapping: Store, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "theirs.duckdb"
    with opened(other) as theirs:
        import_rows(theirs, tmp_path / "theirs.csv", Code("T1"))
        before = all_rows(theirs)
    ours = all_rows(overlapping)
    overlapping.close()
    done = rebuilding.main(["--store", str(overlapping.path), "-o", str(other)])
    with opened(other) as now:
        assert all_rows(now) == (before if done else ours)


KILLED = """
import os, signal, sys
from data import load as command
from data.store import database, manifest

class Stored(database.Store):
    def __init__(self, path):
        super().__init__(path)
        manifest.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)

command.Store = Stored
command.main(sys.argv[1:])
"""


def test_a_finished_import_is_rebuilt_although_its_process_was_killed_right_after(
    overlapping: Store, tmp_path: Path
) -> None:
    overlapping.close()
    late = codes_file(tmp_path / "late.csv", Code("L1"))
    arguments = [sys.executable, "-c", KILLED, "--store", str(overlapping.path), str(late)]
    killed = subprocess.run(arguments, cwd=ROOT, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with opened(overlapping.path) as store:  # the next start
        before = all_rows(store)
        assert len(before["imports"]) == 6
    overlapping.path.unlink()
    assert rebuilding.main(["--store", str(overlapping.path)]) == 0
    with opened(overlapping.path) as rebuilt:
        assert all_rows(rebuilt) == before


def test_a_rebuild_keeps_the_old_store_with_its_log_and_every_other_file(
    overlapping: Store,
) -> None:
    overlapping.close()
    store = overlapping.path
    log = store.with_name(store.name + ".wal")
    own = [store.with_name(store.name + ending) for ending in (".rebuilt", ".new", ".before")]
    for path in own:
        path.write_bytes(path.suffix.encode())
    old = store.read_bytes()
    log.write_bytes(b"what the file does not hold yet")
    log.chmod(0o644)
    assert rebuilding.main(["--store", str(store)]) == 0
    assert [path.read_bytes().decode() for path in own] == [path.suffix for path in own]
    kept = store.with_name(store.name + ".before-2")
    kept_log = kept.with_name(kept.name + ".wal")
    assert kept.read_bytes() == old
    assert kept_log.read_bytes() == b"what the file does not hold yet"
    assert not (kept.stat().st_mode | kept_log.stat().st_mode) & 0o077
    assert not log.exists()
    with opened(store) as rebuilt:
        assert all_rows(rebuilt)["imports"]


def test_a_rebuild_deletes_what_a_killed_one_has_left(overlapping: Store) -> None:
    overlapping.close()
    left = temporary.beside(overlapping.path)
    left.write_bytes(b"half a store")
    assert rebuilding.main(["--store", str(overlapping.path)]) == 0
    assert not list(temporary.left(overlapping.path))


def test_a_rebuild_reads_no_log_of_another_store(overlapping: Store, tmp_path: Path) -> None:
    log = tmp_path / "other.duckdb.wal"
    log.write_bytes(b"of another store")
    with pytest.raises(Refused, match=r"other\.duckdb\.wal is there already"):
        rebuild(overlapping.originals, tmp_path / "other.duckdb")
    assert log.read_bytes() == b"of another store"
