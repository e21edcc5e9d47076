"""Imports that only added codes are taken back by deleting these, as if all were replayed."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from data.replay.undo import undo
from data.store.database import Store
from data.store.rows import InStore
from tests.support.lakes import Replayed, held, noting_replays
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


@dataclass
class Both:
    """A store, and beside it another one that never knows what was before."""

    store: Store
    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def take_back(self, files: list[list[Row]], taken: set[int]) -> Replayed:
        """Take imports of these files back from both, which then hold the same.

        Returns what the first one has replayed.
        """
        import_all(self.store, *files)
        with self.monkeypatch.context() as patched:
            replayed = noting_replays(patched, InStore)
            undo(self.store, taken)
        assert_sound(self.store)
        self.monkeypatch.setattr(InStore, "restore_before", lambda *_: False)
        with opened(self.folder / "other" / "vouchers.duckdb") as other:
            import_all(other, *files)
            undo(other, taken)
            assert held(self.store) == held(other)
        return replayed


@pytest.fixture
def both(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    """An empty one of each."""
    return Both(store, tmp_path, monkeypatch)


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
    both: Both, files: list[list[Row]], taken: set[int], replayed: list[int]
) -> None:
    assert both.take_back(files, taken) == (replayed, [])


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
    both: Both, files: list[list[Row]], taken: set[int], replayed: list[int]
) -> None:
    assert both.take_back(files, taken) == ([], replayed)


def test_codes_that_come_after_one_was_taken_back_get_the_numbers_of_those_taken_back(
    store: Store,
) -> None:
    import_all(store, OLD, NEW)
    undo(store, {2})
    import_all(store, NEWER, SOLD)
    undo(store, {4})
    with store.cursor() as cursor:
        rows = cursor.execute("select code_id, code, import_id from vouchers.codes").fetchall()
    assert rows == [(1, "A1", 1), (2, "A2", 1), (3, "C1", 3), (4, "C2", 3)]
    assert_sound(store)
