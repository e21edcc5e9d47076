"""What happened to a code, event by event, and which codes came of it."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.access import Access
from queries.filters import Filters
from tests.support.access import rows_of
from tests.support.checks import CHECKS, found
from tests.support.effort import examples, rounds
from tests.support.model import File, Model
from tests.support.model_stories import Event, children, groups_with, story
from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.stores import import_file
from tests.support.strategies import FILES, SLOW, TEXTS
from tests.support.vouchers import Vouchers
from tests.support.walks import memory_folder, open_fast

START, EXPIRY = datetime(2016, 1, 1), datetime(2016, 2, 1)
FIRST, SECOND = datetime(2016, 1, 8, 19, 42), datetime(2016, 1, 20, 12, 30)
LATER = datetime(2016, 3, 1)
NEVER_SO_FAR = datetime(2016, 1, 31, 23, 59)


def story_of(
    vouchers: Vouchers, code: str, group: str = "Email", now: datetime = LATER
) -> list[tuple[Any, str, str]]:
    rows = vouchers.query("code_story", "", now, code=code, group_name=group, most=99, stored=None)
    return [(row["time"], row["event"], row["detail"]) for row in rows]


def events_of(
    vouchers: Vouchers, code: str, group: str = "Email", now: datetime = LATER
) -> list[tuple[Any, str]]:
    return [(time, event) for time, event, _ in story_of(vouchers, code, group, now)]


@pytest.fixture
def dated(vouchers: Vouchers) -> Vouchers:
    """A code that is valid in January 2016, and one that never expires."""
    vouchers.load(
        Code("A1", expiry="01/02/2016 00:00"), Code("A2", expiry=""), folder="May", batch="7"
    )
    return vouchers


def test_a_story_has_every_event_in_its_order(dated: Vouchers) -> None:
    dated.load(
        Transaction(1, "A1", cancelled="Yes"),
        Transaction(2, "A1", time="20/01/2016 12:30", site="Site2", campaign="C1",
                    campaign_name="Times", deleted="Yes"),
    )  # fmt: skip
    assert story_of(dated, "A1") == [
        (START, "started", "Valid from then on"),
        (FIRST, "redeemed", "At Site001"),
        (FIRST, "cancelled", "Some time later: the export does not have when"),
        (SECOND, "redeemed again", "At Site2, in the campaign Times"),
        (EXPIRY, "expired", "Not valid any more"),
        (None, "deleted", "Some time later: the export does not have when"),
    ]


def test_expiry_is_exclusive_and_comes_into_the_story_only_once_it_has_come(
    dated: Vouchers,
) -> None:
    assert events_of(dated, "A1", now=NEVER_SO_FAR) == [(START, "started")]
    assert events_of(dated, "A1", now=EXPIRY) == [(START, "started"), (EXPIRY, "expired")]


def test_a_code_that_never_expires_has_no_such_event(dated: Vouchers) -> None:
    assert events_of(dated, "A2", now=datetime(2999, 1, 1)) == [(START, "started")]


def test_a_code_that_has_not_started_has_no_story_yet(dated: Vouchers) -> None:
    assert events_of(dated, "A1", now=datetime(2015, 12, 31)) == []


def test_a_redemption_of_the_codes_file_alone_is_in_the_story_until_a_transaction_says_more(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1", expiry="", redeemed="08/01/2016 19:42"))
    assert story_of(vouchers, "A1")[1:] == [
        (FIRST, "redeemed", "By the codes file, which names no site")
    ]
    vouchers.load(Transaction(1, "A1", site=""))
    assert story_of(vouchers, "A1")[1:] == [(FIRST, "redeemed", "At no named site")]


def test_what_is_outside_the_dates_of_the_code_says_so(dated: Vouchers) -> None:
    dated.load(
        Transaction(1, "A1", time="31/12/2015 23:59"),
        Transaction(2, "A1", time="01/02/2016 00:00"),
    )
    assert [(event, detail) for _, event, detail in story_of(dated, "A1")] == [
        ("redeemed", "At Site001, before its start"),
        ("started", "Valid from then on"),
        ("expired", "Not valid any more"),
        ("redeemed again", "At Site001, after its expiry"),
    ]


def test_a_code_of_two_groups_has_two_stories(dated: Vouchers) -> None:
    dated.load(Code("A1", "SMS", start="", expiry=""))
    dated.load(Transaction(1, "A1", "SMS"))
    assert events_of(dated, "A1", "SMS") == [(FIRST, "redeemed")]
    assert events_of(dated, "A1", now=FIRST) == [(START, "started")]
    groups = dated.query("code_groups", code="A1", stored=None)
    assert [row["group_name"] for row in groups] == ["Email", "SMS"]


def test_a_code_that_stands_only_in_transactions_has_a_story(dated: Vouchers) -> None:
    dated.load(Transaction(1, "X9", ""), Transaction(2, "X9", "SMS", cancelled="Yes"), batch="8")
    assert story_of(dated, "X9", "(no group)") == [(FIRST, "redeemed", "At Site001")]
    assert events_of(dated, "X9", "SMS") == [(FIRST, "redeemed"), (FIRST, "cancelled")]
    groups = dated.query("code_groups", code="X9", stored=None)
    assert groups == [
        {"group_name": "(no group)", "is_stored": False},
        {"group_name": "SMS", "is_stored": False},
    ]
    (known,) = dated.query("code_without_file", code="X9", group_name="SMS")
    assert (known["scans"], known["batch"]) == (0, "8")


def test_an_unknown_code_has_no_story_and_no_group(dated: Vouchers) -> None:
    assert events_of(dated, "A9") == []
    assert dated.query("code_groups", code="A9", stored=None) == []
    assert dated.query("code_facts", code="A9", group_name="Email") == []
    assert dated.query("code_facts", code="A1", group_name="SMS") == []


def test_the_days_of_redemptions_without_a_codes_file_are_those_near_the_code(
    dated: Vouchers,
) -> None:
    dated.load(Transaction(1, "X9"), Transaction(2, "X9", time="20/01/2016 12:30"),
               Transaction(3, "A1", time="25/01/2016 12:30"))  # fmt: skip
    (row,) = dated.query("code_days", code="X9")
    assert (row["first"], row["last"]) == (datetime(2016, 1, 8), datetime(2016, 1, 20))
    (row,) = dated.query("code_days", code="A1")
    assert (row["first"], row["last"]) == (None, None)


def test_the_children_of_a_code_are_those_whose_parent_it_is_in_any_group(
    dated: Vouchers,
) -> None:
    dated.load(Code("B1", "SMS", parent="A1"), Code("B2", parent="A1"), Code("B3", parent="A2"))
    dated.load(Transaction(1, "B2"))
    rows = dated.query("code_children", "", LATER, code="A1", most=50)
    assert [(row["code"], row["group_name"], row["status"]) for row in rows] == [
        ("B1", "SMS", "active"),
        ("B2", "Email", "redeemed"),
    ]
    (row,) = dated.query("code_children", "", LATER, code="A1", most=1)
    assert (row["code"], row["children"]) == ("B1", 2)


def test_the_imports_of_a_code_are_those_that_brought_or_changed_it(dated: Vouchers) -> None:
    dated.load(Transaction(1, "A1"))
    dated.load(Transaction(2, "A2"))
    dated.load(Transaction(1, "A1", cancelled="Yes"))
    dated.load(Code("A1", expiry="01/03/2016 00:00"))
    rows = dated.query("code_imports", code="A1", group_name="Email", stored=None)
    found = [(row["import_id"], row["change"]) for row in rows]
    assert (1, "new codes") in found
    assert (4, "newly cancelled") in found
    assert (5, "new dates") in found
    assert 3 not in {import_id for import_id, _ in found}


def test_who_sees_one_group_learns_nothing_of_the_code_of_another(dated: Vouchers) -> None:
    dated.load(Code("A1", "SMS"), Code("C1", parent="A1"))
    dated.load(Transaction(1, "A1"), Transaction(2, "X9"))
    limited = Filters(access=Access(groups=("SMS",)))
    for name, values in (
        ("code_story", {"group_name": "Email", "most": 99, "stored": None}),
        ("code_facts", {"group_name": "Email"}),
        ("code_imports", {"group_name": "SMS", "stored": None}),
        ("code_children", {"most": 50}),
    ):
        assert rows_of(dated.store, name, limited, {"code": "A1", **values}) == [], name
    groups = rows_of(dated.store, "code_groups", limited, {"code": "A1", "stored": None})
    assert [row["group_name"] for row in groups] == ["SMS"]
    assert rows_of(dated.store, "code_groups", limited, {"code": "X9", "stored": None}) == []
    assert rows_of(dated.store, "code_behind", limited, {"code_id": 1}) == []


@settings(SLOW, max_examples=examples(rounds(6, torture=100)))
@given(
    st.lists(FILES, min_size=1, max_size=4),
    st.dictionaries(TEXTS, TEXTS),
    st.sampled_from([NOW, datetime(2016, 1, 20, 12, 30), datetime(2016, 2, 10)]),
)
def test_the_story_of_any_code_is_that_of_plain_python(
    files: list[File], parents: dict[str, str], now: datetime
) -> None:
    model = Model()
    with memory_folder() as folder:
        store = open_fast(folder / "vouchers.duckdb")
        try:
            vouchers = Vouchers(store, folder)
            for file in (with_parents(file, parents) for file in files):
                import_file(store, file)
                model.apply(file.kind, file.rows, file.scope)
            for code in ("A1", "A2", "a1", "0A"):
                agree(vouchers, model, code, now)
        finally:
            store.close()


def with_parents(file: File, parents: dict[str, str]) -> File:
    """The file with a parent for some of its codes."""
    if file.kind == "transactions":
        return file
    rows = [row._replace(parent=parents.get(row[0], "")) for row in file.rows]  # type: ignore[attr-defined]
    return File(file.kind, rows, file.scope)


def agree(vouchers: Vouchers, model: Model, code: str, now: datetime) -> None:
    """Assert that the queries tell of a code what plain Python tells."""
    groups = groups_with(model, code)
    told = vouchers.query("code_groups", "", now, code=code, stored=None)
    assert {row["group_name"]: row["is_stored"] for row in told} == groups
    for group, is_stored in groups.items():
        for stored in (None, is_stored):
            rows = vouchers.query("code_story", "", now, code=code, group_name=group,
                                  most=99, stored=stored)  # fmt: skip
            wanted = story(model, code, group, now)
            assert [Event(row["time"], row["event"]) for row in rows] == wanted
    found = vouchers.query("code_children", "", now, code=code, most=50)
    judged = {(row["group_name"], row["code"]): row["status"] for row in found}
    assert judged == children(model, code, now)


OF_OTHERS = {"parent_cycle", "site_far_from_rest"}  # that no rows of one code and its parent tell


def checks_of(vouchers: Vouchers, code: str, group: str, minutes: int = 5) -> list[str]:
    rows = vouchers.query(
        "code_to_check", code=code, group_name=group, stored=None, minutes=minutes
    )
    return [row["check"] for row in rows]


def test_each_check_that_the_rows_of_a_code_decide_finds_it(vouchers: Vouchers) -> None:
    dates = {"start": "01/01/2016 00:00", "expiry": "31/01/2016 00:01"}
    vouchers.load(
        Code("A1", redeemed="08/01/2016 19:42"), Code("A2", **dates),
        Code("A3", start="02/02/2100 00:00"), Code("A4", redeemed="09/01/2016 19:42"), Code("A5"),
    )  # fmt: skip
    vouchers.load(
        Transaction(1, "A1", cancelled="Yes"), Transaction(2, "A1", site="Site2", cancelled="Yes"),
        Transaction(3, "A2", time="31/01/2016 00:01"),
        Transaction(4, "A2", time="31/01/2016 00:06", site="Site2"),
        Transaction(5, "A4", campaign="C1"), Transaction(6, "A4", campaign="C1"),
        Transaction(7, "X9", cancelled="Yes"),
        Transaction(8, "X9", time="09/01/2016 19:42", site="Site2"),
    )  # fmt: skip
    assert checks_of(vouchers, "A1", "Email") == ["no_live_transaction"]
    assert set(checks_of(vouchers, "A2", "Email")) >= {
        *("used_twice", "used_at_two_sites", "used_within_minutes", "outside_dates", "last_day"),
    }
    assert "used_within_minutes" not in checks_of(vouchers, "A2", "Email", minutes=4)
    assert checks_of(vouchers, "A3", "Email") == ["not_after_start"]
    assert checks_of(vouchers, "A4", "Email") == ["times_disagree"]
    assert checks_of(vouchers, "A5", "Email") == []
    assert checks_of(vouchers, "X9", "Email") == ["unknown_code", "cancelled_then_elsewhere"]


def test_a_parent_is_worth_a_look_unless_it_was_redeemed(vouchers: Vouchers) -> None:
    vouchers.load(*map(Code, ("A1", "A2", "A3")))
    vouchers.load(Transaction(1, "A1"), Transaction(2, "A2", cancelled="Yes"))
    told = {
        code: [row["check"] for row in vouchers.query("parent_to_check", code=code)]
        for code in ("A1", "A2", "A3", "A4")
    }
    assert told == {
        "A1": [],
        "A2": ["parent_cancelled"],
        "A3": ["parent_not_redeemed"],
        "A4": ["parent_not_loaded"],
    }


@settings(SLOW, max_examples=examples(rounds(4, torture=100)))
@given(st.lists(FILES, min_size=1, max_size=4), st.dictionaries(TEXTS, TEXTS))
def test_the_checks_of_one_code_are_those_that_find_it_among_all(
    files: list[File], parents: dict[str, str]
) -> None:
    with memory_folder() as folder:
        store = open_fast(folder / "vouchers.duckdb")
        try:
            vouchers = Vouchers(store, folder)
            for file in files:
                import_file(store, with_parents(file, parents))
            wanted: dict[tuple[str, str], set[str]] = {}
            for check in set(CHECKS) - OF_OTHERS:
                for row in found(vouchers, check):
                    key = (row["group_name"] or "(no group)", row["code"])
                    wanted.setdefault(key, set()).add(check)
            for code in ("A1", "A2", "a1", "0A"):
                for group in ("Email", "SMS", "(no group)"):
                    told = set(checks_of(vouchers, code, group))
                    for row in vouchers.query("code_facts", code=code, group_name=group):
                        if parent := row["parent_code"]:
                            of_parent = vouchers.query("parent_to_check", code=parent)
                            told |= {row["check"] for row in of_parent}
                    assert told == wanted.get((group, code), set()), (group, code)
        finally:
            store.close()
