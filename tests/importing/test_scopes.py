"""Folder, prefix and batch of an import, and imports in any order."""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from data.importing.scope import Scope
from data.store.database import Store
from queries.filters import Filters
from tests.support.rows import Code, Row, Transaction
from tests.support.soundness import assert_sound
from tests.support.stores import counts, import_rows, number_of, stored_rows, view

SCOPES = [Scope(folder="May"), Scope(prefix="AB"), Scope(batch="7"), Scope("May", "AB", "7")]
ROWS_OF = {"codes": Code("AB1"), "transactions": Transaction(1, "AB1")}


@pytest.mark.parametrize("kind", ROWS_OF)
@pytest.mark.parametrize("given", SCOPES, ids=str)
def test_an_import_without_a_scope_erases_no_scope(
    store: Store, tmp_path: Path, kind: str, given: Scope
) -> None:
    import_rows(store, tmp_path / "a.csv", ROWS_OF[kind], scope=given)
    done = import_rows(store, tmp_path / "b.csv", ROWS_OF[kind])
    assert counts(done) == (0, 0, 1, 0)
    assert stored_rows(store, kind) == [("AB1", given.folder, given.prefix, given.batch)]


@pytest.mark.parametrize("kind", ROWS_OF)
@pytest.mark.parametrize("given", SCOPES, ids=str)
def test_a_given_scope_replaces_the_earlier_one(
    store: Store, tmp_path: Path, kind: str, given: Scope
) -> None:
    import_rows(store, tmp_path / "a.csv", ROWS_OF[kind], scope=Scope("April", "A", "6"))
    done = import_rows(store, tmp_path / "b.csv", ROWS_OF[kind], scope=given)
    assert counts(done) == (0, 1, 0, 0)
    now = (given.folder or "April", given.prefix or "A", given.batch or "6")
    assert stored_rows(store, kind) == [("AB1", *now)]
    assert_sound(store)


def test_a_scope_applies_only_to_the_rows_of_its_file(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), Code("B1"), scope=Scope(folder="May"))
    import_rows(store, tmp_path / "b.csv", Code("B1"), scope=Scope(folder="June"))
    assert stored_rows(store, "codes") == [("A1", "May", None, None), ("B1", "June", None, None)]


@pytest.mark.slow
def test_a_transaction_of_an_unknown_code_is_chosen_by_its_imports_folder_and_batch(
    store: Store, tmp_path: Path
) -> None:
    row = Transaction(1, "A1")
    import_rows(store, tmp_path / "a.csv", row, scope=Scope("May", "AB", "7"))
    for chosen in (Filters(folder=("May",)), Filters(batch=("7",)), Filters(prefix=("A",))):
        assert number_of(store, "net", chosen) == 1
        assert number_of(store, "of_unknown_codes", chosen) == 1
    for other in (Filters(folder=("June",)), Filters(batch=("8",)), Filters(prefix=("B",))):
        assert number_of(store, "net", other) == 0


def test_a_transaction_of_a_known_code_is_chosen_with_its_code(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Transaction(1, "A1"), scope=Scope("May", None, "7"))
    import_rows(store, tmp_path / "b.csv", Code("A1"), scope=Scope("June", None, "8"))
    assert number_of(store, "net", Filters(folder=("May",))) == 0
    assert number_of(store, "net", Filters(folder=("June",), batch=("8",))) == 1
    import_rows(store, tmp_path / "c.csv", Code("A1"), scope=Scope("July"))
    assert number_of(store, "net", Filters(folder=("July",), batch=("8",))) == 1
    assert number_of(store, "net", Filters(folder=("June",))) == 0
    assert_sound(store)


def test_a_redemption_known_from_a_codes_file_follows_its_codes_scope(
    store: Store, tmp_path: Path
) -> None:
    row = Code("A1", redeemed="08/01/2016 19:42")
    import_rows(store, tmp_path / "a.csv", row, scope=Scope("May"))
    import_rows(store, tmp_path / "b.csv", row, scope=Scope("June", None, "8"))
    assert number_of(store, "net", Filters(folder=("May",))) == 0
    assert number_of(store, "net", Filters(folder=("June",), batch=("8",))) == 1


PIECES: list[tuple[Scope, list[Row]]] = [
    (
        Scope("May", "A", "7"),
        [
            Code("A1", redeemed="02/01/2016 10:00"),
            Code("A2"),
            Code("A3", expiry="01/02/2016 00:00"),
            Code("A1", "SMS"),
        ],
    ),
    (Scope("June", "B", "8"), [Code("B1"), Code("B2", redeemed="03/01/2016 11:00")]),
    (
        Scope("May"),
        [
            Transaction(1, "A1", cancelled="Yes"),
            Transaction(2, "A2"),
            Transaction(3, "A2", campaign="C1"),
            Transaction(4, "GONE"),
            Transaction(5, "A1", "SMS", deleted="Yes"),
            Transaction(6, "A3", ""),
        ],
    ),
    (Scope("June"), [Transaction(7, "B1", cancelled="Yes"), Transaction(8, "B1")]),
]


@pytest.mark.slow
@pytest.mark.parametrize("order", list(permutations(range(len(PIECES)))), ids=str)
def test_codes_first_or_transactions_first_gives_the_same_numbers(
    store: Store, tmp_path: Path, order: Sequence[int]
) -> None:
    for number in order:
        scope, rows = PIECES[number]
        import_rows(store, tmp_path / f"{number}.csv", *rows, scope=scope)
    assert_sound(store)
    everything = view(store)
    assert everything["numbers"]["of_unknown_codes"] == 2  # GONE, and A3 of no group
    assert everything["numbers"]["redeemed_codes"] == 4  # A2, A1 by SMS, B1, B2
    assert everything["numbers"]["net"] == 7
    assert everything["numbers"]["from_codes_files"] == 1
    assert everything["statuses"] == {"redeemed": 3, "cancelled": 1, "expired": 1, "deleted": 1}
    assert view(store, Filters(folder=("May",)))["numbers"]["redemptions"] == 6
    assert view(store, Filters(group=("SMS",)))["statuses"] == {"deleted": 1}
