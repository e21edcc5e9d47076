"""Rows on a lake: which files are in force, who may still read the others, and what is refused."""

import threading
from pathlib import Path

import duckdb
import pytest

from data.importing.scope import Scope
from data.replay.undo import undo
from data.store import reading_copy
from data.store.copying import NotCopied, backup
from data.store.database import Store
from data.store.errors import Refused, StoreUnavailable
from data.store.lake import lake as lakes
from data.store.lake.lake import Lake
from data.store.settings import PARQUET, rows_folder
from tests.support.expected import import_fixtures
from tests.support.lakes import held, names_in_force, names_of, names_there, on_lake
from tests.support.rows import Code, Transaction
from tests.support.stores import import_rows, opened


def many(start: int, count: int, **columns: str) -> list[Code]:
    return [Code(f"C{number:05}", **columns) for number in range(start, start + count)]


def half_an_import(store: Store) -> None:
    """Write files, and give up before the commit."""
    with store.writing() as cursor:
        cursor.execute("create temp table staged as select code from vouchers.codes")
        with store.rows.at_hand(cursor, "codes"):
            cursor.execute("update vouchers.codes set item_code = 'half'")
        assert names_there(store.path) > names_in_force(store)
        raise Refused("it was given up.")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vouchers.duckdb"


def test_a_new_store_has_its_rows_on_the_lake_and_none_in_its_file(path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 10))
        tables = "select table_name from duckdb_tables() where database_name = 'vouchers'"
        with store.cursor() as cursor:
            names = {name for (name,) in cursor.execute(tables).fetchall()}
            assert not names & {"codes", "transactions"}
            assert cursor.execute("select count(*) from vouchers.codes").fetchall() == [(10,)]
        named = names_of(store)
    assert names_there(path) == named


def test_rows_lie_in_the_folder_that_the_setting_names(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_ROWS", str(tmp_path / "it's shared" / "rows=1"))
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 3))
        for name in names_in_force(store):
            assert (tmp_path / "it's shared" / "rows=1" / name).exists()
        with store.cursor() as cursor:
            cursor.execute("from vouchers.codes")
            assert "rows" not in {column[0] for column in cursor.description or []}


def test_the_folder_may_be_moved_between_two_starts(path: Path, tmp_path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 3))
        before = held(store)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for file in [path, rows_folder(path)]:
        file.rename(moved / file.name)
    with on_lake(moved / path.name) as store:
        assert held(store) == before


def test_a_change_of_one_row_writes_only_its_file_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lakes, "MOST_ROWS", 10)
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 35))
        before = names_in_force(store)
        assert sum(name.startswith("codes-") for name in before) == 4
        import_rows(store, path.with_suffix(".csv"), Code("C00012", item="another"))
        after = names_in_force(store)
        assert len(after - before) == len(before - after) == 1
        with store.cursor() as cursor:
            rows = cursor.execute("select code, item_code from vouchers.codes").fetchall()
        assert [code for code, _ in rows] == [f"C{number:05}" for number in range(35)]
        assert [code for code, item in rows if item == "another"] == ["C00012"]


def test_a_file_that_says_what_is_known_writes_no_file(path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 5))
        before = names_in_force(store)
        import_rows(store, path.with_suffix(".csv"), *many(0, 5))
        assert names_in_force(store) == before


def test_many_small_imports_leave_few_files(path: Path) -> None:
    with on_lake(path) as store:
        for number in range(20):
            import_rows(store, path.with_suffix(".csv"), *many(number * 3, 3))
        assert sum(name.startswith("codes-") for name in names_in_force(store)) <= 5
        with store.cursor() as cursor:
            codes = [
                code for (code,) in cursor.execute("select code from vouchers.codes").fetchall()
            ]
        assert codes == [f"C{number:05}" for number in range(60)]


def test_files_go_when_the_last_reader_of_theirs_has_gone(path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 5))
        reader = store.cursor()
        reader.execute("begin transaction read only")
        count = "select count(*) filter (item_code = 'new') from vouchers.codes"
        assert reader.execute(count).fetchall() == [(0,)]
        import_rows(store, path.with_suffix(".csv"), *many(0, 5, item="new"))
        import_rows(store, path.with_suffix(".csv"), *many(0, 5, item="newer"))
        assert reader.execute(count).fetchall() == [(0,)]
        assert names_there(path) > names_of(store)
        reader.close()
        del reader
        import_rows(store, path.with_suffix(".csv"), *many(0, 5, item="newest"))
    with on_lake(path) as store:
        assert names_there(path) == names_of(store)


def test_a_refused_import_leaves_no_file(path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 5))
        before, there = held(store), names_there(path)
        with pytest.raises(Refused):
            half_an_import(store)
        assert (held(store), names_there(path)) == (before, there)


def test_taking_an_import_back_takes_its_rows_from_the_lake(path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 5))
        before = held(store)["from vouchers.codes"]
        import_rows(store, path.with_suffix(".csv"), *many(3, 5, item="new"))
        undo(store, {2})
        assert held(store)["from vouchers.codes"] == before
        undo(store, {1})
        assert held(store)["from vouchers.codes"] == []
        import_rows(store, path.with_suffix(".csv"), Code("A1"), scope=Scope(batch="7"))
        import_rows(store, path.with_suffix(".csv"), Transaction(1, "A1"))
        assert [row[1] for row in held(store)["from vouchers.codes"]] == ["A1"]


def test_a_backup_holds_its_rows_itself(path: Path, tmp_path: Path) -> None:
    with on_lake(path) as store:
        import_fixtures(store)
        backup(store, tmp_path / "copy.duckdb")
        wanted = held(store)
    with opened(tmp_path / "copy.duckdb") as copy:
        assert held(copy) == wanted


def test_a_store_that_holds_rows_is_not_moved_by_a_setting(path: Path) -> None:
    with opened(path) as store:
        import_rows(store, path.with_suffix(".csv"), Code("A1"))
    with pytest.raises(StoreUnavailable, match=r"Move them with `python -m data.move --to-lake`"):
        Store(path, engine=PARQUET)


def test_rows_on_a_lake_are_not_left_there_without_the_setting(path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), Code("A1"))
    with pytest.raises(StoreUnavailable, match=r"parquet, or to the address of a cluster"):
        Store(path, engine="")


def test_a_setting_that_means_nothing_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOUCHERS_ENGINE", "spark")
    with pytest.raises(StoreUnavailable, match=r"^VOUCHERS_ENGINE takes parquet"):
        Store(path)


def test_a_store_without_its_files_says_how_many_are_missing_and_where(path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), Code("A1"))
    next(rows_folder(path).glob("codes-*")).unlink()
    with pytest.raises(StoreUnavailable, match=r"^1 of the files .*/vouchers\.rows\."):
        Store(path, engine=PARQUET)


def test_a_folder_whose_name_means_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a[1]").mkdir()
    with pytest.raises(StoreUnavailable, match="cannot be the folder of the rows"):
        Store(tmp_path / "a[1]" / "vouchers.duckdb", engine=PARQUET)


def test_pages_read_while_an_import_runs(path: Path) -> None:
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 50))
        counts: set[int] = set()
        ended = threading.Event()

        def read() -> None:
            while not ended.is_set():
                with store.cursor() as cursor:
                    ((count,),) = cursor.execute("select count(*) from vouchers.codes").fetchall()
                    counts.add(count)

        reading = threading.Thread(target=read)
        reading.start()
        for number in range(1, 6):
            import_rows(store, path.with_suffix(".csv"), *many(number * 50, 50))
        ended.set()
        reading.join()
        assert counts <= {50 * number for number in range(1, 7)}


def test_a_lake_of_too_many_rows_for_a_copy_says_so_to_sql_cells(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_copy, "MOST_ROWS", 4)
    with on_lake(path) as store:
        import_rows(store, path.with_suffix(".csv"), *many(0, 4))
        copy = reading_copy.Copies().of(store)
        with duckdb.connect(str(copy.path), read_only=True) as copied:
            assert copied.execute("select count(*) from codes").fetchall() == [(4,)]
        copy.release()
        import_rows(store, path.with_suffix(".csv"), *many(4, 1))
        with pytest.raises(NotCopied, match="5 rows on a lake are too many"):
            reading_copy.Copies().of(store)


def test_after_a_commit_of_which_nobody_knows_whether_it_happened_no_file_is_deleted(
    path: Path,
) -> None:
    with on_lake(path) as store:
        assert isinstance(store.rows, Lake)
        file = store.rows.folder.new_file("codes")
        file.write_bytes(b"in force, perhaps")
        store.rows.unknown()
        store.rows.rolled_back()  # the next import was given up
        assert file.exists()
    with on_lake(path) as store:  # the store does not name it
        assert names_there(path) == names_of(store)
