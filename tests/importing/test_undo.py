"""Undoing imports leaves the store as if they had never been imported."""

import threading
from pathlib import Path
from typing import Any

import pytest

from data.importing.pipeline import load
from data.replay.undo import undo
from data.store.database import Store
from tests.support.changes import MAY, OVERLAPPING
from tests.support.exports import export_bytes
from tests.support.ledger import Ledger, state_of
from tests.support.model import File
from tests.support.rows import Code
from tests.support.soundness import assert_sound
from tests.support.stores import all_rows, counts, import_file, opened

pytestmark = pytest.mark.slow


def assert_as_if_never_imported(store: Store, *undone: int, folder: Path) -> None:
    """The same as a new store without those imports, and the same as plain Python says."""
    ledger = Ledger(tuple(OVERLAPPING), frozenset(undone))
    assert state_of(store).differences(ledger.state()) == []
    assert_sound(store)
    never = folder / f"never-{'-'.join(map(str, undone))}"
    with opened(never / "vouchers.duckdb") as fresh:
        for file in ledger.live():
            import_file(fresh, file)
        theirs, ours = state_of(fresh), state_of(store)
        assert [(*vars(ours).items(),)[:4]] == [(*vars(theirs).items(),)[:4]]
        for kind in ("codes", "transactions"):
            assert export_bytes(store, kind) == export_bytes(fresh, kind)
        assert warnings_and_gone(store) == warnings_and_gone(fresh)


def warnings_and_gone(store: Store) -> list[tuple[Any, ...]]:
    """All warnings and all gone codes, with the names of the files instead of their numbers."""
    with store.cursor() as cursor:
        return cursor.execute(
            "select file, warnings.* exclude (import_id), null, null from vouchers.warnings"
            " join vouchers.imports using (import_id)"
            " union all select file, change, null, null, null, group_name, code"
            " from vouchers.changes join vouchers.imports using (import_id)"
            " where change = 'gone' order by all"
        ).fetchall()


@pytest.mark.parametrize("import_id", range(1, 6))
def test_an_import_whose_rows_later_ones_changed_is_undone_as_if_never_imported(
    overlapping: Store, tmp_path: Path, import_id: int
) -> None:
    undo(overlapping, {import_id})
    assert_as_if_never_imported(overlapping, import_id, folder=tmp_path)


@pytest.mark.parametrize("both", [(1, 3), (4, 2), (5, 1), (3, 4)], ids=str)
def test_two_imports_are_undone_in_either_order_or_at_once(
    overlapping: Store, tmp_path: Path, both: tuple[int, int]
) -> None:
    for import_id in both:
        undo(overlapping, {import_id})
    assert_as_if_never_imported(overlapping, *both, folder=tmp_path)
    at_once = tmp_path / "at_once"
    with opened(at_once / "vouchers.duckdb") as other:
        for file in OVERLAPPING:
            import_file(other, file)
        undo(other, set(both))
        assert state_of(other).differences(state_of(overlapping)) == []


def test_every_import_can_be_undone(overlapping: Store, tmp_path: Path) -> None:
    undo(overlapping, set(range(1, 6)))
    assert_as_if_never_imported(overlapping, 1, 2, 3, 4, 5, folder=tmp_path)
    now = all_rows(overlapping)
    assert now["codes"] == now["transactions"] == now["changes"] == now["warnings"] == []
    assert len(now["imports"]) == 5  # the history stays
    again = import_file(overlapping, OVERLAPPING[0])
    assert (again.import_id, counts(again)) == (6, (3, 0, 0, 0))


def test_an_import_undone_twice_is_undone_once(overlapping: Store) -> None:
    undo(overlapping, {3})
    before = all_rows(overlapping)
    undo(overlapping, {3})
    assert all_rows(overlapping) == before


def test_undoing_an_unknown_import_changes_nothing(overlapping: Store) -> None:
    before = all_rows(overlapping)
    undo(overlapping, {99})
    assert all_rows(overlapping) == before


def test_an_undone_import_can_be_imported_again(overlapping: Store) -> None:
    undo(overlapping, {3})
    import_file(overlapping, OVERLAPPING[2])
    ledger = Ledger((*OVERLAPPING, OVERLAPPING[2]), frozenset({3}))
    assert state_of(overlapping).differences(ledger.state()) == []


def test_an_undo_keeps_the_times_of_the_other_imports_and_records_its_own(
    overlapping: Store,
) -> None:
    query = "select import_id, imported_at, undone_at is not null from vouchers.imports"
    with overlapping.cursor() as cursor:
        before = dict(cursor.execute(query).df()[["import_id", "imported_at"]].values)
        undo(overlapping, {2})
        after = cursor.execute(query + " order by all").fetchall()
    assert [(number, at, number == 2) for number, at in before.items()] == after


def test_an_undo_reports_its_progress_and_changes_the_version(overlapping: Store) -> None:
    before, shares = overlapping.version, list[float]()
    undo(overlapping, {1}, lambda share, doing: shares.append(share))
    assert shares == sorted(shares)
    assert len(shares) == 4
    assert overlapping.version != before


def test_an_import_that_ends_while_another_is_undone_is_not_lost(
    overlapping: Store, tmp_path: Path
) -> None:
    late = File("codes", [Code("L1"), Code("A1", quantity="4")], MAY, name="late.csv")
    undoing: list[threading.Thread] = []

    def progress(share: float, doing: str) -> None:
        if doing == "Storing" and not undoing:
            undoing.append(threading.Thread(target=undo, args=(overlapping, {2})))
            undoing[0].start()
            undoing[0].join(0.3)  # it waits for this import to end

    load(overlapping, late.write(tmp_path), late.scope, progress=progress)
    undoing[0].join()
    ledger = Ledger((*OVERLAPPING, late), frozenset({2}))
    assert state_of(overlapping).differences(ledger.state()) == []


def test_two_imports_that_are_undone_at_the_same_time_are_both_undone(
    overlapping: Store,
) -> None:
    undoing = [threading.Thread(target=undo, args=(overlapping, {number})) for number in (2, 4)]
    with overlapping.writing():
        for thread in undoing:
            thread.start()
        for thread in undoing:
            thread.join(0.3)  # they wait for this writer to end
    for thread in undoing:
        thread.join()
    assert (
        state_of(overlapping).differences(Ledger(tuple(OVERLAPPING), frozenset({2, 4})).state())
        == []
    )
