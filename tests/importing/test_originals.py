"""The original files are kept beside the store."""

import hashlib
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.progress import Stop
from data.replay.undo import undo
from data.store.database import Store
from data.store.errors import Refused, Stopped
from tests.support.changes import DAMAGE, OVERLAPPING, damage, original_of
from tests.support.compression import zstd
from tests.support.ledger import Ledger, state_of
from tests.support.rows import CODES, TRANSACTIONS, Code, Transaction, codes_file, csv_bytes
from tests.support.stores import all_rows, import_rows, stored_rows

pytestmark = pytest.mark.slow

DIALECTS = {
    "the documented format": ("utf-8", csv_bytes([CODES, Code("A1", "Café")])),
    "Windows line ends and a mark": (
        "utf-8",
        csv_bytes([CODES, Code("A1", "Café")], line_end="\r\n", mark=True, quote_all=True),
    ),
    "Windows-1252": (
        "windows-1252",
        csv_bytes([CODES, Code("A1", "Café €")]).decode().encode("windows-1252"),
    ),
    "blank lines and no end": ("utf-8", csv_bytes([CODES, Code("A1")]) + b"\n\n"),
    "transactions": ("utf-8", csv_bytes([TRANSACTIONS, Transaction(1, "A1")]).rstrip()),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_original_is_kept_byte_for_byte_under_its_sha256(
    store: Store, tmp_path: Path, dialect: str
) -> None:
    encoding, content = DIALECTS[dialect]
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    load(store, path, encoding=encoding)
    (kept,) = store.originals.glob("*.zst")
    digest = hashlib.sha256(content).hexdigest()
    assert kept.name == f"{digest}.csv.zst"
    assert zstd.decompress(kept.read_bytes()) == content
    with store.cursor() as cursor:
        cursor.execute("select sha256, bytes, encoding from vouchers.imports")
        assert cursor.fetchall() == [(digest, len(content), encoding)]


def test_the_same_file_is_kept_once(store: Store, tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        import_rows(store, tmp_path / name, Code("A1"))
    assert len(list(store.originals.glob("*.zst"))) == 1


def test_nothing_of_a_refused_file_is_kept(store: Store, tmp_path: Path) -> None:
    for name, rows in (("a.csv", [Code("A1"), Code("")]), ("b.csv", [Code("A1", start="x")])):
        with pytest.raises(Refused):
            import_rows(store, tmp_path / name, *rows)
    assert list(store.originals.glob("*.zst")) == []


def test_nothing_of_a_stopped_import_is_kept(store: Store, tmp_path: Path) -> None:
    stop = Stop()
    path = codes_file(tmp_path / "a.csv", Code("A1"))

    def press(share: float, doing: str) -> None:
        if doing == "Storing":
            stop.press()

    with pytest.raises(Stopped):
        load(store, path, stop=stop, progress=press)
    assert stored_rows(store, "codes") == stored_rows(store, "imports") == []
    assert list(store.originals.glob("*.zst")) == []


def test_a_stopped_import_of_a_known_file_leaves_that_ones_original_alone(
    store: Store, tmp_path: Path
) -> None:
    first = import_rows(store, tmp_path / "a.csv", Code("A1"))
    second = import_rows(store, tmp_path / "b.csv", Code("B1"))
    stop = Stop()

    def press(share: float, doing: str) -> None:
        if doing == "Storing":
            stop.press()

    with pytest.raises(Stopped):
        load(store, tmp_path / "a.csv", stop=stop, progress=press)
    undo(store, {second.import_id})
    assert first.import_id == 1
    assert [row[0] for row in stored_rows(store, "codes")] == ["A1"]


@pytest.mark.parametrize("how", DAMAGE)
def test_without_an_intact_original_an_undo_is_refused_and_changes_nothing(
    overlapping: Store, how: str
) -> None:
    before = all_rows(overlapping)
    damage(original_of(overlapping, 3), how)
    with pytest.raises(Refused) as refused:
        undo(overlapping, {1})
    assert "original" in str(refused.value)
    assert overlapping.originals.name in str(refused.value)
    assert str(refused.value).endswith(".")
    assert "QZ7" not in str(refused.value)
    assert all_rows(overlapping) == before
    assert list(overlapping.scratch.iterdir()) == []


def test_an_import_whose_own_original_is_gone_can_still_be_undone(
    overlapping: Store, tmp_path: Path
) -> None:
    original_of(overlapping, 3).unlink()
    undo(overlapping, {3})
    assert (
        state_of(overlapping).differences(Ledger(tuple(OVERLAPPING), frozenset({3})).state()) == []
    )
