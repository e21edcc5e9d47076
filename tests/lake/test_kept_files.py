"""Files that imports have replaced: which are kept, for how long, and what becomes of them."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from data import move
from data.replay.undo import undo
from data.store.copying import backup
from data.store.database import Store
from data.store.settings import rows_folder
from tests.support.lakes import (
    Replayed,
    assert_within_bounds,
    held,
    names_in_force,
    names_of,
    names_replaced,
    names_there,
    on_lake,
    rows_of,
)
from tests.support.rows import Code, Row
from tests.support.stores import opened
from tests.support.taking_back import (
    A_CODES,
    ALL_CHANGED,
    FIRST,
    IMPORTS,
    SECOND,
    SOLD,
    assert_as_in_a_store,
    import_all,
)


def test_no_file_keeps_a_row_of_an_import_that_was_taken_back(small_lake: Path) -> None:
    with on_lake(small_lake) as store:
        import_all(store, *IMPORTS)
        undo(store, {2})
        import_all(store, [Code("A03", item="fifth")])
    there = [str(file) for file in rows_folder(small_lake).glob("codes-*")]
    with duckdb.connect() as db:
        codes = db.execute("select code, item_code from read_parquet(?)", [there]).fetchall()
    assert ("A01", "third") in codes
    assert not {("A01", "second"), ("B2", Code("B2").item)} & set(codes)


def test_replaced_files_hold_no_more_rows_than_those_in_force(small_lake: Path) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST)
        for number in range(15):
            rows: list[Row] = [Code(f"A{number:02}", item=str(number)), Code(f"C{number}")]
            import_all(store, rows)
            assert_within_bounds(store)
        assert rows_of(store, replaced=True) > len(A_CODES) / 2
        undo(store, {12})
        assert_within_bounds(store)
    with on_lake(small_lake) as store:
        assert names_there(small_lake) == names_of(store)


def test_an_import_before_the_files_that_are_kept_is_taken_back_by_replaying_all(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    imports: list[list[Row]] = [FIRST, *ALL_CHANGED]
    with on_lake(small_lake) as store:
        import_all(store, *imports)
        assert rows_of(store, replaced=True) == len(A_CODES)
        undo(store, {3})
        assert replayed == ([], [1, 2, 4])
        assert names_replaced(store) == set()
        assert_as_in_a_store(store, tmp_path, *imports, {3})


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def overwritten(file: Path) -> None:
    """Damage what is between the first bytes and the index at the end."""
    content = file.read_bytes()
    file.write_bytes(content[:8] + bytes(400) + content[408:])


def test_a_kept_file_that_is_gone_hinders_no_start_and_all_are_replayed(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        gone = {name for name in names_replaced(store) if name.startswith("codes")}
    for name in gone:
        (rows_folder(small_lake) / name).unlink()
    with on_lake(small_lake) as store:
        undo(store, {2})
        assert replayed == ([], [1])
        assert_as_in_a_store(store, tmp_path, FIRST, SECOND, {2})
    with on_lake(small_lake) as store:
        assert names_there(small_lake) == names_in_force(store)


@pytest.mark.parametrize("damage", [cut, overwritten], ids=["cut off", "overwritten"])
def test_a_kept_file_that_is_damaged_is_not_put_in_force_and_all_are_replayed(
    small_lake: Path, tmp_path: Path, replayed: Replayed, damage: Callable[[Path], None]
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        for name in names_replaced(store):
            damage(rows_folder(small_lake) / name)
        undo(store, {2})
        assert replayed == ([], [1])
        assert_as_in_a_store(store, tmp_path, FIRST, SECOND, {2})


def test_kept_files_outlast_a_start(small_lake: Path, replayed: Replayed) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        kept = names_replaced(store)
    with on_lake(small_lake) as store:
        assert names_replaced(store) == kept
        assert kept <= names_there(small_lake)
        undo(store, {2})
        assert replayed == ([], [])


def test_readers_of_the_rows_as_they_were_read_on(small_lake: Path) -> None:
    codes = "select code from vouchers.codes"
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        reader = store.cursor()
        reader.execute("begin transaction read only")
        before = reader.execute(codes).fetchall()
        undo(store, {2})
        assert reader.execute(codes).fetchall() == before
        with store.cursor() as cursor:
            assert cursor.execute(codes).fetchall() == [(code,) for code in A_CODES]
        reader.close()
        del reader
    with on_lake(small_lake) as store:
        assert names_there(small_lake) == names_of(store)


def test_a_reader_of_a_state_before_reads_on_when_its_files_are_in_force_again_and_replaced(
    small_lake: Path,
) -> None:
    codes = "select code, item_code from vouchers.codes"
    with on_lake(small_lake) as store:
        import_all(store, FIRST)
        reader = store.cursor()
        reader.execute("begin transaction read only")
        before = reader.execute(codes).fetchall()
        import_all(store, SECOND)
        undo(store, {2})
        import_all(store, *ALL_CHANGED)
        assert reader.execute(codes).fetchall() == before
        reader.close()


def assert_only_later_ones_are_known(store: Store, folder: Path, replayed: Replayed) -> None:
    """Of a lake that has FIRST and SECOND: the next import is taken back alone, others are not."""
    import_all(store, SOLD)
    undo(store, {3})
    assert replayed == ([], [])
    undo(store, {2})
    assert replayed == ([], [1])
    assert_as_in_a_store(store, folder, FIRST, SECOND, SOLD, {2, 3})


def test_a_move_to_the_lake_knows_nothing_of_before(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    with opened(small_lake) as store:
        import_all(store, FIRST, SECOND)
    assert move.main(["--to-lake", "--store", str(small_lake)]) == 0
    with on_lake(small_lake) as store:
        assert_only_later_ones_are_known(store, tmp_path, replayed)


def test_a_move_into_the_store_deletes_kept_files_too(small_lake: Path) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        wanted = held(store)
        assert names_replaced(store)
    assert move.main(["--to-store", "--store", str(small_lake)]) == 0
    assert names_there(small_lake) == set()
    with opened(small_lake) as store:
        assert held(store) == wanted
        assert names_of(store) == set()
        undo(store, {2})
    assert move.main(["--to-lake", "--store", str(small_lake)]) == 0


def test_a_backup_names_no_file(small_lake: Path, tmp_path: Path) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        backup(store, tmp_path / "copy.duckdb")
    with opened(tmp_path / "copy.duckdb") as copy:
        assert names_of(copy) == set()


def test_a_lake_of_the_version_before_knows_nothing_of_before(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        wanted = held(store)
        with store.writing() as cursor:
            cursor.execute("delete from vouchers.files where until_import is not null")
            cursor.execute("alter table vouchers.files drop column until_import")
            cursor.execute("alter table vouchers.files drop column from_import")
            cursor.execute("alter table vouchers.store drop column known_from")
            cursor.execute("update vouchers.store set schema_version = 5")
    with on_lake(small_lake) as store:
        assert held(store) == wanted
        assert_only_later_ones_are_known(store, tmp_path, replayed)
