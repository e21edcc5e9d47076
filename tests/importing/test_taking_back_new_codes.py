"""Imports that only added codes are taken back by deleting these, as if all were replayed."""

from pathlib import Path

import pytest

from data.replay.undo import undo
from data.store.database import Store
from data.store.rows import InStore
from tests.support.lakes import held, noting_replays
from tests.support.rows import Code, Row, Transaction
from tests.support.soundness import assert_sound
from tests.support.stores import opened
from tests.support.taking_back import import_all

OLD: list[Row] = [Code("A1"), Code("A2", redeemed="05/01/2016 10:00")]
SOLD: list[Row] = [Transaction(1, "A1"), Transaction(2, "B9"), Transaction(3, "B9")]
NEW: list[Row] = [Code("B1"), Code("B2", redeemed="06/01/2016 10:00"), Code("A1", "SMS")]
NEWER: list[Row] = [Code("C1"), Code("C2", redeemed="07/01/2016 10:00")]
SOME_AGAIN: list[Row] = [*NEW[:2], Code("D1")]
REDEEMED_BEFORE: list[Row] = [Code("B8"), Code("B9")]
CHANGED: list[Row] = [Code("A1", item="another"), Code("E1")]
SOLD_LATER: list[Row] = [Transaction(4, "B1")]


def by_replaying_all(
    folder: Path, monkeypatch: pytest.MonkeyPatch, files: list[list[Row]], taken: set[int]
) -> dict[str, list[tuple[object, ...]]]:
    """What another store holds that takes the same back and knows nothing of what was before."""
    monkeypatch.setattr(InStore, "restore_before", lambda *_: False)
    with opened(folder / "other" / "vouchers.duckdb") as other:
        import_all(other, *files)
        undo(other, taken)
        return held(other)


@pytest.mark.parametrize(
    ("files", "taken", "replayed"),
    [
        ([NEW], {1}, []),
        ([OLD, NEW], {2}, []),
        ([OLD, SOLD, NEW], {3}, []),
        ([OLD, SOLD, NEW, NEWER], {4}, []),
        ([OLD, SOLD, NEW, NEWER], {3}, [4]),
        ([OLD, SOLD, NEW, NEWER], {3, 4}, []),
        ([OLD, SOLD, NEW, SOME_AGAIN], {3}, [4]),
        ([OLD, NEW, NEWER], {1}, [2, 3]),
    ],
    ids=str,
)
def test_only_later_imports_are_replayed_where_all_of_them_added_codes(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: list[list[Row]],
    taken: set[int],
    replayed: list[int],
) -> None:
    import_all(store, *files)
    found = noting_replays(monkeypatch, InStore)
    undo(store, taken)
    assert found == (replayed, [])
    assert held(store) == by_replaying_all(tmp_path, monkeypatch, files, taken)
    assert_sound(store)


@pytest.mark.parametrize(
    ("files", "taken", "replayed"),
    [
        ([OLD, SOLD], {2}, [1]),
        ([OLD, CHANGED], {2}, [1]),
        ([OLD, SOLD, REDEEMED_BEFORE], {3}, [1, 2]),
        ([OLD, NEW, SOLD_LATER], {2}, [1, 3]),
        ([OLD, NEW, CHANGED], {2}, [1, 3]),
    ],
    ids=str,
)
def test_all_are_replayed_where_one_of_them_did_anything_else(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: list[list[Row]],
    taken: set[int],
    replayed: list[int],
) -> None:
    import_all(store, *files)
    found = noting_replays(monkeypatch, InStore)
    undo(store, taken)
    assert found == ([], replayed)
    assert held(store) == by_replaying_all(tmp_path, monkeypatch, files, taken)
    assert_sound(store)


def test_codes_that_come_after_one_was_taken_back_get_the_numbers_of_those_taken_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_all(store, OLD, NEW)
    undo(store, {2})
    import_all(store, NEWER, SOLD)
    undo(store, {4})
    with store.cursor() as cursor:
        rows = cursor.execute("select code_id, code, import_id from vouchers.codes").fetchall()
    assert rows == [(1, "A1", 1), (2, "A2", 1), (3, "C1", 3), (4, "C2", 3)]
    assert_sound(store)
