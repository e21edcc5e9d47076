"""What is proposed as the scope of files: what is known of them, or what they suggest."""

from datetime import datetime
from pathlib import Path

import pytest

from data.importing.preview import preview
from data.importing.proposals import Known, Proposal, propose
from data.importing.scope import Scope, guess_scope
from data.replay.undo import undo
from data.store.database import Store
from tests.support.rows import COLUMNS, Code, Row, Transaction, codes_file, csv_bytes, kind_of
from tests.support.stores import import_rows, stored_rows

WINTER = Scope("Winter 2017", "AB", "1042")
MONDAY = datetime(2017, 11, 20, 9, 5)


def proposal(store: Store, tmp_path: Path, name: str, *rows: Row) -> Proposal:
    """What is proposed for a file of these rows."""
    path = tmp_path / "upload.csv"
    path.write_bytes(csv_bytes([COLUMNS[kind_of(rows)], *rows]))
    (found,) = propose(store, [(name, preview(store, path))])
    return found


def on_monday(store: Store) -> None:
    """All imports so far are of a Monday."""
    with store.cursor() as cursor:
        cursor.execute("update vouchers.imports set imported_at = ?", [MONDAY])


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("codes_batch_1042.csv", Scope(batch="1042")),
        ("codes_batch_1042 (1).csv", Scope(batch="1042")),
        ("Codes Batch 1042.CSV", Scope(batch="1042")),
        ("codes_batch_007.csv", Scope(batch="007")),
        ("codes_batch_summer_offer.csv", Scope(batch="summer offer")),
        ("codes_batch_1042_2017-12-31.csv", Scope(batch="1042")),
        ("2017-12-31 codes_batch_1042.csv", Scope(batch="1042")),
        ("batch 1042 winter.csv", Scope(batch="1042")),
        ("1042.csv", Scope(batch="1042")),
        ("codes 1042.csv", Scope(batch="1042")),
        ("codes_1042 (2).csv", Scope(batch="1042")),
        ("codes 20171231.csv", Scope()),  # a day
        ("codes 2.csv", Scope()),  # the second file
        ("codes_folder_january_2016.csv", Scope(folder="January 2016")),
        ("transactions_folder_january_2016.csv", Scope(folder="January 2016")),
        ("codes-folder-Bouncebacks.csv", Scope(folder="Bouncebacks")),
        ("codes_folder_winter_2017_batch_1042.csv", Scope("Winter 2017", None, "1042")),
        ("codes_prefix_back.csv", Scope(prefix="BACK")),
        ("transactions_prefix_back.csv", Scope(prefix="BACK")),
        ("codes_group_sms.csv", Scope()),
        ("export.csv", Scope()),
        ("codes_folder_.csv", Scope()),
        ("", Scope()),
    ],
)
def test_the_name_of_a_file_gives_a_guess(name: str, scope: Scope) -> None:
    assert guess_scope(name) == scope


def test_a_guessed_folder_is_spelled_as_it_is_known(store: Store, tmp_path: Path) -> None:
    known = ["Bouncebacks", "JANUARY 2016"]
    assert guess_scope("codes_folder_january_2016.csv", known).folder == "JANUARY 2016"
    assert guess_scope("codes_folder_may_2016.csv", known).folder == "May 2016"
    import_rows(store, tmp_path / "a.csv", Code("A1"), scope=Scope(folder="MAY (rest)"))
    import_rows(store, tmp_path / "b.csv", Code("A2"), scope=Scope(folder="MAY"))
    found = proposal(store, tmp_path, "transactions_folder_may.csv", Transaction(1, "X"))
    assert found == Proposal(Scope(folder="MAY"), from_name=True)


def test_a_guess_is_never_applied_without_being_asked_for(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "codes_batch_1042.csv", Code("AB1"), Code("AB2"))
    import_rows(store, tmp_path / "transactions_folder_may.csv", Transaction(1, "AB1"))
    assert stored_rows(store, "codes") == [("AB1", None, None, None), ("AB2", None, None, None)]
    assert stored_rows(store, "transactions") == [("AB1", None, None, None)]


def test_a_new_files_batch_is_proposed_by_its_name_and_its_prefix_by_its_codes(
    store: Store, tmp_path: Path
) -> None:
    found = proposal(store, tmp_path, "codes_batch_1042.csv", Code("AB1"), Code("AB2"))
    assert found == Proposal(Scope(None, "AB", "1042"), from_name=True, from_codes=True)


def test_a_prefix_in_the_name_counts_more_than_the_beginning_of_the_codes(
    store: Store, tmp_path: Path
) -> None:
    found = proposal(store, tmp_path, "codes_prefix_ab.csv", Code("AB11"), Code("AB12"))
    assert found == Proposal(Scope(prefix="AB"), from_name=True)


def test_what_is_known_of_all_codes_is_proposed_and_nothing_is_guessed_beside_it(
    store: Store, tmp_path: Path
) -> None:
    rows = Code("AB1"), Code("AB2")
    import_rows(store, tmp_path / "a.csv", *rows, scope=Scope("Winter 2017"))
    on_monday(store)
    found = proposal(store, tmp_path, "codes_batch_1042.csv", *rows)
    assert found == Proposal(Scope("Winter 2017"), Known.CODES, MONDAY)


def test_new_codes_of_a_known_file_have_the_scope_of_the_others(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("AB1"), Code("AB2"), scope=WINTER)
    on_monday(store)
    found = proposal(store, tmp_path, "b.csv", Code("AB1"), Code("AB2"), Code("AB3"))
    assert found == Proposal(WINTER, Known.SOME_CODES, MONDAY)


def test_what_differs_between_the_codes_is_left_blank_which_changes_nothing(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("AB1"), scope=Scope("Winter 2017", "AB", "1042"))
    import_rows(store, tmp_path / "b.csv", Code("AB2"), scope=Scope("Winter 2017", None, "1043"))
    found = proposal(store, tmp_path, "codes.csv", Code("AB1"), Code("AB2"))
    assert (found.scope, found.known) == (Scope("Winter 2017"), Known.CODES)


def test_codes_that_are_known_without_any_scope_get_the_guess(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "a.csv", Code("AB1"), Code("AB2"))
    on_monday(store)
    found = proposal(store, tmp_path, "1042.csv", Code("AB1"), Code("AB2"))
    guess = Scope(None, "AB", "1042")
    assert found == Proposal(guess, Known.CODES, MONDAY, from_name=True, from_codes=True)


def test_the_same_code_in_another_group_is_another_code(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "a.csv", Code("AB1", "SMS"), scope=WINTER)
    assert proposal(store, tmp_path, "b.csv", Code("AB1", "Email")) == Proposal(Scope())


def test_a_transactions_file_has_the_scope_of_the_last_file_of_its_name_and_no_more(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("AB1"), scope=WINTER)
    sold = Transaction(1, "AB1")
    name = "transactions 2017-11-20.csv"
    import_rows(store, tmp_path / name, sold, scope=Scope("Winter 2017"))
    on_monday(store)
    later = Transaction(2, "AB1")
    found = proposal(store, tmp_path, "transactions 2017-11-27 (1).csv", sold, later)
    assert found == Proposal(Scope("Winter 2017"), Known.NAME, MONDAY)


def test_a_transactions_file_of_a_new_name_has_the_scope_of_its_codes(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("AB1"), Code("CD1"), scope=Scope("Winter 2017"))
    found = proposal(store, tmp_path, "x.csv", Transaction(1, "AB1"), Transaction(2, "CD1"))
    assert (found.scope, found.known) == (Scope("Winter 2017"), Known.CODES)


@pytest.mark.parametrize(
    "rows",
    [
        [Code("AB3", "SMS"), Code("AB4", "SMS")],  # another group
        [Code("CD1"), Code("CD2")],  # another prefix
        [Transaction(1, "AB3")],  # another kind
    ],
    ids=["group", "prefix", "kind"],
)
def test_a_name_that_any_file_may_have_says_nothing_of_another_one(
    store: Store, tmp_path: Path, rows: list[Row]
) -> None:
    import_rows(store, tmp_path / "codes.csv", Code("AB1"), Code("AB2"), scope=WINTER)
    found = proposal(store, tmp_path, "codes.csv", *rows)
    assert found.known is None
    assert found.scope.batch is None


def test_codes_that_are_known_count_more_than_a_name_that_contradicts_them(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "codes.csv", Code("AB1"), scope=WINTER)
    other = Scope("Spring 2018", "AB", "1043")
    import_rows(store, tmp_path / "b.csv", Code("AB2"), scope=other)
    found = proposal(store, tmp_path, "codes.csv", Code("AB2"))
    assert (found.scope, found.known) == (other, Known.CODES)


def test_what_was_taken_back_is_not_known(store: Store, tmp_path: Path) -> None:
    done = import_rows(store, tmp_path / "codes.csv", Code("AB1"), scope=WINTER)
    undo(store, {done.import_id})
    assert proposal(store, tmp_path, "codes.csv", Code("AB1")) == Proposal(Scope())


def test_many_files_are_looked_up_at_once_each_with_its_own(store: Store, tmp_path: Path) -> None:
    files = []
    for number in range(30):
        path = codes_file(tmp_path / f"{number}.csv", *(Code(f"C{number:02}{n}") for n in (1, 2)))
        files.append((f"codes_batch_{1000 + number}.csv", preview(store, path)))
        if number % 2:
            scope = Scope("Winter 2017", f"C{number:02}", f"B{number}")
            import_rows(store, path, Code(f"C{number:02}1"), scope=scope)
    found = propose(store, files)
    assert [one.scope.batch for one in found] == [
        f"B{number}" if number % 2 else str(1000 + number) for number in range(30)
    ]
    assert [one.scope.prefix for one in found] == [f"C{number:02}" for number in range(30)]
