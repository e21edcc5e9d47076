"""The guess of a scope and the preview, before a file is imported."""

from datetime import datetime
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.preview import preview
from data.importing.scope import Scope, guess_scope
from data.store.database import Store
from data.store.errors import Refused
from tests.support.rows import Code, Transaction, codes_file, transactions_file
from tests.support.stores import counts, import_rows, stored_rows


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("codes_batch_1042.csv", Scope(batch="1042")),
        ("codes_batch_1042 (1).csv", Scope(batch="1042")),
        ("Codes Batch 1042.CSV", Scope(batch="1042")),
        ("codes_batch_007.csv", Scope(batch="007")),
        ("codes_folder_january_2016.csv", Scope(folder="January 2016")),
        ("transactions_folder_january_2016.csv", Scope(folder="January 2016")),
        ("codes-folder-Bouncebacks.csv", Scope(folder="Bouncebacks")),
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


def test_a_guessed_folder_is_spelled_as_it_is_known() -> None:
    known = ["Bouncebacks", "JANUARY 2016"]
    assert guess_scope("codes_folder_january_2016.csv", known).folder == "JANUARY 2016"
    assert guess_scope("codes_folder_may_2016.csv", known).folder == "May 2016"


def test_a_guessed_scope_is_never_applied_without_being_asked_for(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "codes_batch_1042.csv", Code("A1"))
    import_rows(store, tmp_path / "transactions_folder_may.csv", Transaction(1, "A1"))
    assert stored_rows(store, "codes") == [("A1", None, None, None)]
    assert stored_rows(store, "transactions") == [("A1", None, None, None)]


def test_a_preview_says_what_a_codes_file_is_and_stores_nothing(
    store: Store, tmp_path: Path
) -> None:
    path = codes_file(
        tmp_path / "upload-x1.csv",
        Code("A1", "SMS", start="03/01/2016 00:00", expiry="01/02/2016 00:00"),
        Code("A2", "SMS", start="04/01/2016 00:00", expiry="01/12/2016 00:00"),
        Code("A3", "Email", start="", expiry=""),
    )
    seen = preview(store, path, "codes_batch_7.csv")
    assert (seen.kind, seen.rows, seen.groups) == ("codes", 3, ["SMS", "Email"])
    assert (seen.first, seen.last) == (datetime(2016, 1, 3), datetime(2016, 12, 1))
    assert seen.guess == Scope(batch="7")
    assert stored_rows(store, "codes") == stored_rows(store, "imports") == []
    assert counts(load(store, path)) == (3, 0, 0, 0)


def test_a_preview_says_what_a_transactions_file_is(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "codes.csv", Code("A1"), scope=Scope(folder="MAY (rest)"))
    import_rows(store, tmp_path / "codes.csv", Code("A2"), scope=Scope(folder="MAY"))
    path = transactions_file(
        tmp_path / "x.csv",
        Transaction(1, "A1", time="09/01/2016 10:00"),
        Transaction(2, "A1", "", time="07/01/2016 10:00"),
        Transaction(3, "A1", time="08/01/2016 10:00"),
    )
    seen = preview(store, path, "transactions_folder_may.csv")
    assert (seen.kind, seen.rows, seen.groups) == ("transactions", 3, ["Email"])
    assert (seen.first, seen.last) == (datetime(2016, 1, 7, 10), datetime(2016, 1, 9, 10))
    assert seen.guess == Scope(folder="MAY")


def test_a_preview_refuses_what_the_import_would_refuse(store: Store, tmp_path: Path) -> None:
    path = codes_file(tmp_path / "a.csv", Code("A1"), Code(""))
    with pytest.raises(Refused) as refused:
        preview(store, path, path.name)
    assert (refused.value.line, refused.value.column) == (3, "Code")
