"""Imports merge by key and never double."""

from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from tests.support.expected import EXPECTED
from tests.support.exports import export_bytes
from tests.support.paths import FIXTURES
from tests.support.rows import CODES, TRANSACTIONS, Code, Row, Transaction, csv_bytes
from tests.support.soundness import assert_sound
from tests.support.stores import counts, import_rows, number_of, view

FIXTURE_FILES = sorted(path.name for path in FIXTURES.glob("*.csv"))


@pytest.mark.parametrize("name", FIXTURE_FILES)
def test_the_same_file_again_changes_nothing(loaded: Store, name: str) -> None:
    load(loaded, FIXTURES / name)  # the group file is not one of those that are loaded
    before = view(loaded), export_bytes(loaded, "codes"), export_bytes(loaded, "transactions")
    done = load(loaded, FIXTURES / name)
    assert counts(done) == (0, 0, done.rows, 0)
    assert (
        view(loaded),
        export_bytes(loaded, "codes"),
        export_bytes(loaded, "transactions"),
    ) == before
    assert_sound(loaded)


@pytest.mark.slow
def test_the_fixtures_loaded_again_with_their_scopes_change_nothing(loaded: Store) -> None:
    before = view(loaded)
    for file in EXPECTED["load"]:
        scope = Scope(file.get("folder"), file.get("prefix"), file.get("batch"))
        done = load(loaded, FIXTURES / file["file"], scope)
        assert counts(done) == (0, 0, done.rows, 0)
    assert view(loaded) == before


@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_an_exported_file_imported_again_changes_nothing(
    loaded: Store, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "again.csv"
    path.write_bytes(export_bytes(loaded, kind))
    done = load(loaded, path)
    assert counts(done) == (0, 0, done.rows, 0)


def test_next_mondays_codes_update_what_changed_and_add_what_is_new(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "monday.csv", Code("A1"), Code("A2"), Code("A3"))
    done = import_rows(
        store,
        tmp_path / "next_monday.csv",
        Code("A2", redeemed="12/01/2016 13:00"),
        Code("A3"),
        Code("A4", redeemed="13/01/2016 20:10"),
    )
    assert counts(done) == (1, 1, 1, 0)
    numbers = view(store)["numbers"]
    assert numbers["codes_issued"] == 4  # A1 is not in the second file, and stays
    assert (numbers["redemptions"], numbers["redeemed_codes"]) == (2, 2)
    assert_sound(store)


def test_next_mondays_transactions_update_what_changed_and_add_what_is_new(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "codes.csv", Code("A1"), Code("A2"), Code("A3"))
    import_rows(store, tmp_path / "one.csv", Transaction(1, "A1"), Transaction(2, "A2"))
    done = import_rows(
        store,
        tmp_path / "two.csv",
        Transaction(2, "A2", cancelled="Yes"),
        Transaction(1, "A1"),
        Transaction(3, "A3"),
    )
    assert counts(done) == (1, 1, 1, 0)
    numbers = view(store)["numbers"]
    assert (numbers["redemptions"], numbers["cancelled"], numbers["net"]) == (3, 1, 2)
    assert view(store)["statuses"] == {"redeemed": 2, "cancelled": 1}
    assert_sound(store)


@pytest.mark.parametrize("column", range(2, 9))
def test_a_change_in_any_column_of_a_code_is_an_update(
    store: Store, tmp_path: Path, column: int
) -> None:
    row = Code("A1", parent="P1", redeemed="03/01/2016 12:00")
    others = (*row[:2], "02/01/2016 00:00", "03/03/2016 00:00", "Discount", "2", "17", "P2", "")
    changed = (*row[:column], others[column], *row[column + 1 :])
    import_rows(store, tmp_path / "a.csv", row)
    assert counts(import_rows(store, tmp_path / "b.csv", changed)) == (0, 1, 0, 0)
    assert export_bytes(store, "codes") == csv_bytes([CODES, changed])
    assert_sound(store)


@pytest.mark.parametrize("column", range(1, 9))
def test_a_change_in_any_column_of_a_transaction_is_an_update(
    store: Store, tmp_path: Path, column: int
) -> None:
    import_rows(store, tmp_path / "codes.csv", Code("A1"), Code("A2"), Code("A1", "SMS"))
    row = Transaction(1, "A1")
    others = (row[0], "09/01/2016 09:09", "A2", "SMS", "C1", "Two for one", "", "Yes", "Yes")
    changed = (*row[:column], others[column], *row[column + 1 :])
    import_rows(store, tmp_path / "a.csv", row)
    assert counts(import_rows(store, tmp_path / "b.csv", changed)) == (0, 1, 0, 0)
    assert export_bytes(store, "transactions") == csv_bytes([TRANSACTIONS, changed])
    assert_sound(store)


def test_a_blank_redemption_time_replaces_a_set_one(store: Store, tmp_path: Path) -> None:
    first, second = (Code(text, expiry="01/02/2016 00:00") for text in ("A1", "A2"))
    import_rows(store, tmp_path / "a.csv", first._replace(redeemed="08/01/2016 19:42"), second)
    assert view(store)["statuses"] == {"redeemed": 1, "expired": 1}
    assert counts(import_rows(store, tmp_path / "b.csv", first, second)) == (0, 1, 1, 0)
    assert view(store)["statuses"] == {"expired": 2}
    assert number_of(store, "redemptions") == 0
    assert export_bytes(store, "codes") == csv_bytes([CODES, first, second])
    assert_sound(store)


def test_blank_cells_replace_the_earlier_values_of_a_code(store: Store, tmp_path: Path) -> None:
    blank: Row = ("A1", "Email", "", "", "", "", "", "", "")
    import_rows(store, tmp_path / "a.csv", Code("A1", parent="P1", redeemed="08/01/2016 19:42"))
    assert counts(import_rows(store, tmp_path / "b.csv", blank)) == (0, 1, 0, 0)
    assert export_bytes(store, "codes") == csv_bytes([CODES, blank])
    assert view(store)["statuses"] == {"active": 1}  # no expiry, no start


def test_a_redemption_known_only_from_the_codes_file_counts_until_the_code_has_a_transaction(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1", redeemed="08/01/2016 19:42"))
    assert number_of(store, "from_codes_files") == 1
    import_rows(store, tmp_path / "b.csv", Transaction(1, "A1", cancelled="Yes"))
    numbers = view(store)["numbers"]
    assert (numbers["redemptions"], numbers["cancelled"], numbers["net"]) == (1, 1, 0)
    assert (numbers["from_codes_files"], numbers["redeemed_codes"]) == (0, 0)
    assert view(store)["statuses"] == {"cancelled": 1}
    assert_sound(store)


def test_a_transaction_that_names_another_code_now_no_longer_counts_for_the_first(
    store: Store, tmp_path: Path
) -> None:
    codes = Code("A1", redeemed="08/01/2016 19:42"), Code("A2")
    import_rows(store, tmp_path / "a.csv", *codes)
    import_rows(store, tmp_path / "b.csv", Transaction(1, "A1", cancelled="Yes"))
    import_rows(store, tmp_path / "c.csv", Transaction(1, "A2", cancelled="Yes"))
    assert view(store)["statuses"] == {"redeemed": 1, "cancelled": 1}
    assert number_of(store, "from_codes_files") == 1
    assert_sound(store)


def test_the_same_code_in_two_groups_is_two_codes(store: Store, tmp_path: Path) -> None:
    done = import_rows(store, tmp_path / "a.csv", Code("A1", "Email"), Code("A1", "SMS"))
    assert counts(done) == (2, 0, 0, 0)
    import_rows(store, tmp_path / "b.csv", Transaction(1, "A1", "SMS"))
    import_rows(store, tmp_path / "c.csv", Code("A1", "Email", expiry="01/04/2016 00:00"))
    groups = view(store)["groups"]
    assert {name: row["redeemed_codes"] for name, row in groups.items()} == {"Email": 0, "SMS": 1}
    assert view(store)["statuses"] == {"active": 1, "redeemed": 1}
    assert_sound(store)


def test_codes_that_differ_only_in_case_or_in_spaces_are_different_codes(
    store: Store, tmp_path: Path
) -> None:
    rows = [Code(text) for text in ("abc", "ABC", "a bc", " abc", "abc ", "e\u0301", "é")]
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (7, 0, 0, 0)
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (0, 0, 7, 0)


def test_a_group_without_redemptions_has_a_rate_of_zero(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1", "Email"), Code("B1", "SMS"))
    import_rows(store, tmp_path / "b.csv", Transaction(1, "A1", "Email"))
    rates = {name: row["redemption_rate"] for name, row in view(store)["groups"].items()}
    assert rates == {"Email": 1.0, "SMS": 0.0}


def test_of_rows_about_the_same_code_the_last_one_wins(store: Store, tmp_path: Path) -> None:
    rows = Code("A1", quantity="1"), Code("B1"), Code("A1", quantity="2"), Code("A1", quantity="3")
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (2, 0, 0, 2)
    assert export_bytes(store, "codes") == csv_bytes([CODES, rows[1], rows[3]])
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (0, 0, 2, 2)
    assert_sound(store)


def test_of_rows_about_the_same_transaction_the_last_one_wins(store: Store, tmp_path: Path) -> None:
    rows = Transaction(1, "A1"), Transaction(1, "A1", cancelled="Yes"), Transaction(2, "A1")
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (2, 0, 0, 1)
    assert number_of(store, "cancelled") == 1
    again = (*rows, Transaction(1, "A1"))
    assert counts(import_rows(store, tmp_path / "b.csv", *again)) == (0, 1, 1, 2)
    assert number_of(store, "cancelled") == 0


def test_a_row_that_stands_twice_counts_once(store: Store, tmp_path: Path) -> None:
    assert counts(import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A1"))) == (1, 0, 0, 1)
    assert number_of(store, "codes_issued") == 1
