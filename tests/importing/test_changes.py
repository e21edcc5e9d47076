"""What an import changed: new, newly redeemed and newly cancelled rows."""

from pathlib import Path

import pytest

from data.store.database import Store
from tests.support.changes import changes_of, email_keys, transaction_key
from tests.support.rows import Code, Row, Transaction
from tests.support.stores import import_rows


def test_a_first_import_records_only_new_codes(store: Store, tmp_path: Path) -> None:
    done = import_rows(
        store, tmp_path / "a.csv", Code("A1"), Code("A2", redeemed="02/01/2016 10:00")
    )
    assert changes_of(store, done) == {"new codes": email_keys("A1", "A2")}


def test_a_first_import_records_only_new_transactions(store: Store, tmp_path: Path) -> None:
    rows = Transaction(1, "A1"), Transaction(2, "A1", ""), Transaction(3, "A2", cancelled="Yes")
    done = import_rows(store, tmp_path / "a.csv", *rows)
    assert changes_of(store, done) == {
        "new transactions": [
            transaction_key(1, "A1"),
            transaction_key(3, "A2"),
            transaction_key(2, "A1", None),
        ]
    }


@pytest.mark.parametrize("row", [Code("A1", redeemed="02/01/2016 10:00"), Transaction(1, "A1")])
def test_the_same_file_again_changed_nothing(store: Store, tmp_path: Path, row: Row) -> None:
    first = import_rows(store, tmp_path / "a.csv", row)
    before = changes_of(store, first)
    assert changes_of(store, import_rows(store, tmp_path / "a.csv", row)) == {}
    assert changes_of(store, first) == before


def test_redemption_times_of_a_codes_file_make_its_codes_newly_redeemed(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A2", redeemed="02/01/2016 10:00"))
    done = import_rows(
        store,
        tmp_path / "b.csv",
        Code("A1", redeemed="03/01/2016 10:00"),
        Code("A2", redeemed="04/01/2016 10:00"),  # redeemed already
        Code("A3", redeemed="03/01/2016 10:00"),  # new
    )
    assert changes_of(store, done) == {
        "new codes": email_keys("A3"),
        "newly redeemed": email_keys("A1"),
        "changed": email_keys("A2"),
    }


def test_a_code_that_is_newly_redeemed_and_changed_otherwise_is_in_both_lists(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A2"), Code("A3"))
    import_rows(store, tmp_path / "t.csv", Transaction(1, "A3"))
    done = import_rows(
        store,
        tmp_path / "b.csv",
        Code("A1", redeemed="03/01/2016 10:00"),
        Code("A2", redeemed="03/01/2016 10:00", item="17"),
        Code("A3", redeemed="08/01/2016 19:42"),  # known as redeemed by its transaction
    )
    assert changes_of(store, done) == {
        "newly redeemed": email_keys("A1", "A2"),
        "changed": email_keys("A2", "A3"),
    }


def test_transactions_make_their_codes_newly_redeemed(store: Store, tmp_path: Path) -> None:
    texts = ("A1", "A2", "A3", "A4")
    import_rows(store, tmp_path / "codes.csv", *map(Code, texts), Code("A1", "SMS"))
    import_rows(store, tmp_path / "a.csv", Transaction(1, "A3"))
    rows = [
        Transaction(2, "A1"),
        Transaction(3, "A1"),  # counts once
        Transaction(4, "A2", cancelled="Yes"),  # not live
        Transaction(5, "A3"),  # redeemed already
        Transaction(6, "B1"),  # of no known code
    ]
    done = import_rows(store, tmp_path / "b.csv", *rows)
    assert changes_of(store, done) == {
        "new transactions": [
            transaction_key(number, text)
            for number, text in ((2, "A1"), (3, "A1"), (4, "A2"), (5, "A3"), (6, "B1"))
        ],
        "newly redeemed": email_keys("A1"),
    }


def test_a_transaction_of_a_code_redeemed_in_its_file_makes_it_not_newly_redeemed(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1", redeemed="08/01/2016 19:42"))
    done = import_rows(store, tmp_path / "b.csv", Transaction(1, "A1"))
    assert changes_of(store, done) == {"new transactions": [transaction_key(1, "A1")]}


def test_a_redemption_time_makes_no_code_newly_redeemed_where_it_has_transactions(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"))
    import_rows(store, tmp_path / "b.csv", Transaction(1, "A1", cancelled="Yes"))
    done = import_rows(store, tmp_path / "c.csv", Code("A1", redeemed="08/01/2016 19:42"))
    assert changes_of(store, done) == {"changed": email_keys("A1")}


def test_a_cancelled_code_that_is_redeemed_after_all_is_newly_redeemed(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A2"))
    import_rows(
        store,
        tmp_path / "b.csv",
        Transaction(1, "A1", cancelled="Yes"),
        Transaction(2, "A2", cancelled="Yes"),
    )
    done = import_rows(store, tmp_path / "c.csv", Transaction(1, "A1"), Transaction(3, "A2"))
    assert changes_of(store, done) == {
        "new transactions": [transaction_key(3, "A2")],
        "newly redeemed": email_keys("A1", "A2"),
        "changed": [transaction_key(1, "A1")],
    }


def test_a_code_redeemed_again_after_its_cancellation_is_newly_redeemed_again(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"))
    first = import_rows(store, tmp_path / "b.csv", Transaction(1, "A1"))
    second = import_rows(store, tmp_path / "c.csv", Transaction(1, "A1", cancelled="Yes"))
    third = import_rows(store, tmp_path / "d.csv", Transaction(2, "A1"))
    assert changes_of(store, first)["newly redeemed"] == email_keys("A1")
    assert changes_of(store, second) == {"newly cancelled": [transaction_key(1, "A1")]}
    assert changes_of(store, third) == {
        "new transactions": [transaction_key(2, "A1")],
        "newly redeemed": email_keys("A1"),
    }


def test_codes_imported_after_their_transactions_are_new_and_nothing_else(
    store: Store, tmp_path: Path
) -> None:
    first = import_rows(store, tmp_path / "a.csv", Transaction(1, "A1"))
    done = import_rows(store, tmp_path / "b.csv", Code("A1", redeemed="08/01/2016 19:42"))
    assert changes_of(store, done) == {"new codes": email_keys("A1")}
    assert changes_of(store, first) == {"new transactions": [transaction_key(1, "A1")]}


def test_a_transaction_that_moves_to_another_code_redeems_that_one(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A2"))
    import_rows(store, tmp_path / "b.csv", Transaction(1, "A1"))
    done = import_rows(store, tmp_path / "c.csv", Transaction(1, "A2"))
    assert changes_of(store, done) == {
        "newly redeemed": email_keys("A2"),
        "changed": [transaction_key(1, "A2")],
    }


def test_only_what_was_not_cancelled_before_is_newly_cancelled(
    store: Store, tmp_path: Path
) -> None:
    import_rows(
        store, tmp_path / "a.csv", Transaction(1, "A1"), Transaction(2, "A1", cancelled="Yes")
    )
    done = import_rows(
        store,
        tmp_path / "b.csv",
        Transaction(1, "A1", cancelled="Yes"),
        Transaction(2, "A1", cancelled="Yes"),
        Transaction(3, "A1", cancelled="Yes"),
    )
    assert changes_of(store, done) == {
        "new transactions": [transaction_key(3, "A1")],
        "newly cancelled": [transaction_key(1, "A1")],
    }
