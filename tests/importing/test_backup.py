"""A backup holds what the store holds."""

import resource
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.store.copying import NotCopied, backup
from data.store.database import Store
from tests.support.rows import Code, codes_file
from tests.support.soundness import assert_sound
from tests.support.stores import all_rows, opened

pytestmark = pytest.mark.slow


def test_a_copy_is_equal_and_leaves_the_store_as_it_is(overlapping: Store, tmp_path: Path) -> None:
    before = all_rows(overlapping)
    backup(overlapping, tmp_path / "copy.duckdb")
    assert all_rows(overlapping) == before
    with opened(tmp_path / "copy.duckdb") as copy:
        assert all_rows(copy) == before
        assert_sound(copy)
    assert not list(tmp_path.glob("*.part*"))


def test_a_copy_made_during_an_import_holds_the_old_state(
    overlapping: Store, tmp_path: Path
) -> None:
    before = all_rows(overlapping)
    copies: list[Path] = []

    def progress(share: float, doing: str) -> None:
        if doing == "Storing":
            copies.append(tmp_path / f"copy{len(copies)}.duckdb")
            backup(overlapping, copies[-1])

    load(overlapping, codes_file(tmp_path / "a.csv", Code("L1")), progress=progress)
    with opened(copies[0]) as copy:
        assert all_rows(copy) == before


def test_a_copy_never_replaces_a_file(overlapping: Store, tmp_path: Path) -> None:
    target = tmp_path / "holiday.duckdb"
    target.write_bytes(b"precious")
    with pytest.raises(NotCopied, match=r"holiday\.duckdb"):
        backup(overlapping, target)
    assert target.read_bytes() == b"precious"


def test_a_copy_is_not_made_beside_the_log_of_another_store(
    overlapping: Store, tmp_path: Path
) -> None:
    log = tmp_path / "holiday.duckdb.wal"
    log.write_bytes(b"of another store")
    with pytest.raises(NotCopied, match=r"holiday\.duckdb\.wal is there already"):
        backup(overlapping, tmp_path / "holiday.duckdb")
    assert log.read_bytes() == b"of another store"
    assert not (tmp_path / "holiday.duckdb").exists()


def test_a_copy_leaves_every_other_file_beside_it_as_it_is(
    overlapping: Store, tmp_path: Path
) -> None:
    own = {name: tmp_path / f"holiday{name}" for name in (".part", ".new", ".part.wal")}
    for name, path in own.items():
        path.write_bytes(name.encode())
    backup(overlapping, tmp_path / "holiday")
    assert {path.read_bytes().decode() for path in own.values()} == own.keys()
    with opened(tmp_path / "holiday") as copy:
        assert_sound(copy)


def test_a_copy_that_fails_leaves_nothing(overlapping: Store, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(NotCopied, match="does not allow a file of that size"):
            backup(overlapping, tmp_path / "copies" / "copy.duckdb")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "copies").iterdir()) == []
