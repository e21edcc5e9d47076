"""Taking an import back from a lake replays those after it alone, if the rows before are known."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data.importing.scope import Scope
from data.replay.undo import clear_sample, undo
from data.store.errors import Refused
from data.store.lake import history
from tests.support.lakes import (
    Replayed,
    held,
    names_in_force,
    names_of,
    names_replaced,
    names_there,
    on_lake,
)
from tests.support.model import File
from tests.support.rows import Code, Row, Transaction
from tests.support.stores import import_file, import_rows, opened
from tests.support.taking_back import (
    A_CODES,
    ALL_CHANGED,
    FIRST,
    IMPORTS,
    SECOND,
    SOLD,
    THIRD,
    assert_as_in_a_store,
    import_all,
)


def test_taking_back_the_newest_import_replays_none(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        before, files = held(store), names_in_force(store)
        import_all(store, THIRD)
        undo(store, {3})
        assert replayed == ([], [])
        assert names_in_force(store) == files
        codes, transactions, *_ = held(store).values()
        assert [codes, transactions] == list(before.values())[:2]
        assert_as_in_a_store(store, tmp_path, FIRST, SECOND, THIRD, {3})


@pytest.mark.parametrize("rows", IMPORTS, ids=["codes", "updates", "redemptions", "all"])
def test_taking_back_the_only_import_leaves_no_row(
    small_lake: Path, replayed: Replayed, rows: list[Row]
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, rows)
        undo(store, {1})
        assert replayed == ([], [])
        *tables, imports = held(store).values()
        assert tables == [[]] * 7
        assert len(imports) == 1
        import_all(store, FIRST)
        codes = [row[:2] for row in held(store)["from vouchers.codes"]]
        assert codes == list(enumerate(A_CODES, start=1))


def test_taking_back_an_older_import_replays_only_those_after_it_though_they_changed_its_rows(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, *IMPORTS)
        undo(store, {2})
        assert replayed == ([3, 4], [])
        assert_as_in_a_store(store, tmp_path, *IMPORTS, {2})


def test_what_only_the_import_taken_back_said_of_a_code_is_gone(small_lake: Path) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND, [Code("A02", item="third")])
        undo(store, {2})
        with store.cursor() as cursor:
            codes = cursor.execute("select code, item_code from vouchers.codes").fetchall()
            changes = cursor.execute(
                "select import_id, code from vouchers.changes where change = 'changed'"
            ).fetchall()
    assert codes == [(code, "third" if code == "A02" else Code("A01").item) for code in A_CODES]
    assert changes == [(3, "A02")]


def test_several_imports_are_taken_back_from_the_earliest_on(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, *IMPORTS)
        undo(store, {4, 2})
        assert replayed == ([3], [])
        assert_as_in_a_store(store, tmp_path, *IMPORTS, {2, 4})


def test_taking_back_twice_replays_none_of_those_before(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, *IMPORTS)
        undo(store, {3})
        undo(store, {2})
        assert replayed == ([4, 4], [])
        assert_as_in_a_store(store, tmp_path, *IMPORTS, {2, 3})


def test_an_import_after_one_that_was_taken_back_can_be_taken_back_too(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        undo(store, {2})
        import_all(store, THIRD, SOLD)
        undo(store, {3})
        assert replayed == ([4], [])
        assert_as_in_a_store(store, tmp_path, FIRST, SECOND, {2}, THIRD, SOLD, {3})


@pytest.mark.parametrize("numbers", [{1}, {99}, set()], ids=str)
def test_taking_back_what_is_not_there_replays_none(
    small_lake: Path, replayed: Replayed, numbers: set[int]
) -> None:
    with on_lake(small_lake) as store:
        import_all(store, FIRST, SECOND)
        undo(store, {1})
        replayed.on_top.clear()
        before = held(store), names_of(store)
        undo(store, numbers)
        assert replayed == ([], [])
        assert (held(store), names_of(store)) == before


def test_redemptions_before_others_are_found_again(small_lake: Path, tmp_path: Path) -> None:
    again: list[Row] = [
        Transaction(4, "A01", time="01/01/2016 09:00"),
        Transaction(5, "A02"),
    ]
    imports: list[list[Row]] = [FIRST, SOLD, SECOND, again]
    with on_lake(small_lake) as store:
        import_all(store, *imports)
        undo(store, {2})
        assert_as_in_a_store(store, tmp_path, *imports, {2})


def test_codes_that_were_gone_are_compared_with_the_file_before_it(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    scope = Scope(batch="7")
    files = [[Code("A01"), Code("A02")], [Code("A01")], [Code("A01"), Code("A02", item="new")]]
    with opened(tmp_path / "vouchers.duckdb") as native, on_lake(small_lake) as lake:
        for store in (native, lake):
            for rows in files:
                import_rows(store, small_lake.with_suffix(".csv"), *rows, scope=scope)
        undo(lake, {2})
        assert replayed == ([3], [])
        undo(native, {2})
        assert held(lake) == held(native)


def test_after_all_were_replayed_the_next_import_is_taken_back_without_a_replay(
    small_lake: Path, tmp_path: Path, replayed: Replayed
) -> None:
    imports: list[list[Row]] = [FIRST, *ALL_CHANGED]
    with on_lake(small_lake) as store:
        import_all(store, *imports)
        undo(store, {2})
        import_all(store, SECOND)
        replayed.anew.clear()
        undo(store, {5})
        assert replayed == ([], [])
        assert_as_in_a_store(store, tmp_path, *imports, {2}, SECOND, {5})
        undo(store, {4})
        assert replayed == ([], [1, 3])


def stop_at(doing: str) -> Callable[[float, str], None]:
    def progress(share: float, what: str) -> None:
        if doing in what and share > 0:
            raise Refused("it was given up.")

    return progress


@pytest.mark.parametrize("number", [1, 2], ids=["all replayed", "later ones replayed"])
def test_a_stop_in_the_middle_leaves_all_as_it_was(
    small_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    if number == 1:
        monkeypatch.setattr(history, "restore_before", lambda *_: False)
    with on_lake(small_lake) as store:
        import_all(store, *IMPORTS)
        before = held(store), names_in_force(store), names_replaced(store), names_there(small_lake)
        with pytest.raises(Refused, match="given up"):
            undo(store, {number}, stop_at("vouchers.csv"))
        after = held(store), names_in_force(store), names_replaced(store), names_there(small_lake)
        assert after == before
    with on_lake(small_lake) as store:
        assert (held(store), names_there(small_lake)) == (before[0], before[1] | before[2])
        monkeypatch.undo()
        undo(store, {2})
        assert_as_in_a_store(store, tmp_path, *IMPORTS, {2})


def test_new_codes_are_numbered_after_those_of_the_state_that_is_in_force(
    small_lake: Path, tmp_path: Path
) -> None:
    imports: list[list[Row]] = [FIRST, [Code(f"C{n}") for n in range(20)], [Code("D1")]]
    with on_lake(small_lake) as store:
        import_all(store, *imports[:2])
        undo(store, {2})
        import_all(store, imports[2])
        assert held(store)["from vouchers.codes"][-1][:2] == (61, "D1")


def test_sample_data_go_by_a_replay_of_what_came_after_them(
    small_lake: Path, replayed: Replayed
) -> None:
    with on_lake(small_lake) as store:
        import_file(store, File("codes", [Code("S1")], Scope()), is_sample=True)
        import_all(store, FIRST)
        clear_sample(store)
        assert replayed == ([2], [])
        assert held(store)["from vouchers.codes"][0][:2] == (1, "A00")
