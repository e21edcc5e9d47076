"""Codes that are gone since the last export of the same scope."""

from pathlib import Path

import pytest

from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.replay.undo import undo
from data.store.database import Store
from tests.support.changes import (
    MAY,
    changes_of,
    email_keys,
    gone_codes,
    warning_lines,
    warnings_of,
)
from tests.support.rows import Code, Row, Transaction
from tests.support.stores import import_rows, number_of

pytestmark = pytest.mark.slow

SCOPES = [MAY, Scope(prefix="A"), Scope(batch="7"), Scope("May", "A", "7")]


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_codes_of_the_last_export_of_the_same_scope_that_are_missing_are_gone(
    store: Store, tmp_path: Path, scope: Scope
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A2"), Code("A1", "SMS"), scope=scope)
    done = import_rows(store, tmp_path / "x.csv", Code("A1"), Code("A3"), scope=scope)
    assert changes_of(store, done) == {
        "new codes": email_keys("A3"),
        "gone": [("Email", "A2", None), ("SMS", "A1", None)],
    }
    assert warning_lines(store, done, "gone") == (2, [])
    assert number_of(store, "codes_issued") == 4  # what is gone stays, and counts


@pytest.mark.parametrize("scope", SCOPES, ids=str)
@pytest.mark.parametrize("other", [*SCOPES, Scope(), Scope(folder="June"), Scope(batch="8")])
def test_nothing_is_gone_between_exports_of_different_scopes(
    store: Store, tmp_path: Path, scope: Scope, other: Scope
) -> None:
    if scope != other:
        import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A2"), scope=scope)
        done = import_rows(store, tmp_path / "a.csv", Code("A1"), scope=other)
        assert gone_codes(store, done) == []


SAME_EXPORT = [
    ("codes.csv", "codes.csv"),
    ("codes_group_email.csv", "codes_group_email (1).csv"),
    ("codes_group_email (1).csv", "codes_group_email (2).csv"),
    ("codes_email_2016-01-04.csv", "codes_email_2016-01-11.csv"),
    ("codes_email_20160104.csv", "codes_email_20160111.csv"),
    ("codes_email_2016_01_04.csv", "codes_email_2016_01_11 (2).csv"),
]


@pytest.mark.parametrize(("first", "second"), SAME_EXPORT)
def test_without_a_scope_two_exports_of_one_group_are_matched_by_their_names_without_dates(
    store: Store, tmp_path: Path, first: str, second: str
) -> None:
    import_rows(store, tmp_path / first, Code("A1"), Code("A2"))
    assert gone_codes(store, import_rows(store, tmp_path / second, Code("A1"))) == ["A2"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("codes_batch_1041.csv", "codes_batch_1042.csv"),
        ("codes_batch_1041_2016-01-04.csv", "codes_batch_1042_2016-01-11.csv"),
        ("codes_batch_10415501.csv", "codes_batch_10426602.csv"),  # no dates: eight digits
        ("codes_spring.csv", "codes_summer.csv"),
    ],
)
def test_without_a_scope_nothing_is_gone_between_files_of_different_batches_or_names(
    store: Store, tmp_path: Path, first: str, second: str
) -> None:
    import_rows(store, tmp_path / first, Code("A1"), Code("A2"))
    assert gone_codes(store, import_rows(store, tmp_path / second, Code("A1"))) == []


def test_nothing_is_gone_between_batches_of_one_folder(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), Code("A2"), scope=Scope("May", None, "7"))
    done = import_rows(store, tmp_path / "a.csv", Code("A3"), scope=Scope("May", None, "8"))
    assert gone_codes(store, done) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([Code("A1"), Code("A2")], [Code("A1"), Code("A1", "SMS")]),
        ([Code("A1"), Code("A2"), Code("A1", "SMS")], [Code("A1")]),
        ([Code("A1"), Code("A2")], [Code("A1", "SMS")]),
    ],
)
def test_without_a_scope_nothing_is_gone_where_not_both_files_are_of_the_same_one_group(
    store: Store, tmp_path: Path, first: list[Row], second: list[Row]
) -> None:
    import_rows(store, tmp_path / "codes.csv", *first)
    assert gone_codes(store, import_rows(store, tmp_path / "codes.csv", *second)) == []


def test_what_is_gone_is_reported_once_and_not_every_monday(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "1.csv", Code("A1"), Code("A2"), scope=MAY)
    assert gone_codes(store, import_rows(store, tmp_path / "2.csv", Code("A1"), scope=MAY)) == [
        "A2"
    ]
    assert gone_codes(store, import_rows(store, tmp_path / "3.csv", Code("A1"), scope=MAY)) == []


def test_a_code_that_reappeared_can_be_gone_again(store: Store, tmp_path: Path) -> None:
    for _ in range(2):
        import_rows(store, tmp_path / "1.csv", Code("A1"), Code("A2"), scope=MAY)
        assert gone_codes(store, import_rows(store, tmp_path / "2.csv", Code("A1"), scope=MAY)) == [
            "A2"
        ]


def test_an_export_of_another_scope_in_between_hides_nothing_that_is_gone(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "1.csv", Code("A1"), Code("A2"), scope=MAY)
    import_rows(store, tmp_path / "2.csv", Code("A2"), scope=Scope(batch="7"))
    assert gone_codes(store, import_rows(store, tmp_path / "3.csv", Code("A1"), scope=MAY)) == [
        "A2"
    ]


def test_no_transactions_file_makes_codes_gone(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "1.csv", Code("A1"), Code("A2"), scope=MAY)
    done = import_rows(store, tmp_path / "1.csv", Transaction(1, "A1"), scope=MAY)
    assert gone_codes(store, done) == []


def test_a_group_whose_codes_are_all_gone_is_named(store: Store, tmp_path: Path) -> None:
    rows = Code("A1"), Code("A2"), Code("B1", "SMS"), Code("B2", "SMS"), Code("C1", "Post")
    import_rows(store, tmp_path / "1.csv", *rows, scope=MAY)
    done = import_rows(store, tmp_path / "2.csv", Code("B1", "SMS"), scope=MAY)
    found = warnings_of(store, done)
    assert found["gone"] == (4, [], None)
    assert found["group_gone"] == (3, [], "Email, Post")
    assert any("Email, Post" in sentence for sentence in done.warnings)


def test_what_is_gone_is_recomputed_when_the_import_before_is_undone(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "1.csv", Code("A1"), scope=MAY)
    second = import_rows(store, tmp_path / "2.csv", Code("A1"), Code("A2"), scope=MAY)
    third = import_rows(store, tmp_path / "3.csv", Code("A1"), scope=MAY)
    assert gone_codes(store, third) == ["A2"]
    undo(store, {second.import_id})
    assert changes_of(store, third) == {}


def back_codes(store: Store, done: ImportResult) -> list[str]:
    return [text for _, text, _ in changes_of(store, done).get("back", [])]


@pytest.mark.parametrize("scope", [MAY, Scope(batch="7"), Scope()], ids=str)
def test_a_gone_code_that_any_later_file_holds_is_back_once(
    store: Store, tmp_path: Path, scope: Scope
) -> None:
    import_rows(store, tmp_path / "1.csv", Code("A1"), Code("A2"), Code("A3"), scope=MAY)
    gone = import_rows(store, tmp_path / "2.csv", Code("A1"), scope=MAY)
    assert gone_codes(store, gone) == ["A2", "A3"]
    again = import_rows(store, tmp_path / "3.csv", Code("A1"), Code("A2"), scope=scope)
    assert back_codes(store, again) == ["A2"]
    once_more = import_rows(store, tmp_path / "4.csv", Code("A1"), Code("A2"), scope=scope)
    assert back_codes(store, once_more) == []


def test_a_code_may_be_gone_and_back_several_times(store: Store, tmp_path: Path) -> None:
    for number in range(3):
        done = import_rows(store, tmp_path / "1.csv", Code("A1"), Code("A2"), scope=MAY)
        assert back_codes(store, done) == (["A2"] if number else [])
        assert gone_codes(store, import_rows(store, tmp_path / "2.csv", Code("A1"), scope=MAY)) == [
            "A2"
        ]


def test_transactions_bring_no_gone_code_back(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "1.csv", Code("A1"), Code("A2"), scope=MAY)
    import_rows(store, tmp_path / "2.csv", Code("A1"), scope=MAY)
    done = import_rows(store, tmp_path / "3.csv", Transaction(1, "A2"), scope=MAY)
    assert back_codes(store, done) == []
