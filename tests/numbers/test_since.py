"""What changed since a day or an import: each code under one heading."""

from datetime import date, timedelta
from typing import Any

import pytest

from data.replay.undo import undo
from queries.access import Access
from queries.filters import Filters
from tests.support.rows import Code, Transaction
from tests.support.since import MONDAY, headings, load_on, make_on, summary, weeks_before
from tests.support.vouchers import Vouchers

REDEEMED = "02/01/2016 10:00"
LATER = "01/03/2100 00:00"


@pytest.fixture
def weeks(vouchers: Vouchers) -> Vouchers:
    """Eight codes of two weeks ago, of which S1, T1 and U1 were redeemed last week."""
    texts = ("A1", "B1", "C1", "D1", "E1", "S1", "T1", "U1")
    load_on(vouchers, weeks_before(2), *map(Code, texts), batch="7")
    load_on(
        vouchers, weeks_before(1), *(Transaction(n, t) for n, t in enumerate(("S1", "T1", "U1")))
    )
    return vouchers


def test_the_first_import_ever_brings_new_codes_alone(vouchers: Vouchers) -> None:
    rows = Code("A1"), Code("A2", redeemed=REDEEMED), Code("A1", "SMS")
    load_on(vouchers, MONDAY, *rows, batch="7")
    load_on(vouchers, MONDAY, Transaction(1, "A1"), Transaction(2, "A2", cancelled="Yes"))
    assert headings(vouchers) == {"new codes": ["A1", "A2", "A1"]}
    assert summary(vouchers.store) == {
        ("new codes", "Email", "7"): 2,
        ("new codes", "SMS", "7"): 1,
    }


def test_without_an_import_nothing_has_changed(vouchers: Vouchers) -> None:
    assert headings(vouchers) == {}
    (row,) = vouchers.query("since_monday")
    assert row == {"monday": None, "imports": 0}


def test_each_code_is_under_the_heading_of_what_happened_to_it(weeks: Vouchers) -> None:
    load_on(
        weeks,
        MONDAY,
        Code("A1", expiry=LATER),
        Code("B1", item="17"),
        Code("C1", redeemed=REDEEMED),
        Code("D1"),
        Code("N1"),
        Code("S1"),
        Code("T1"),
        Code("U1"),
        batch="7",
    )  # E1 is gone
    load_on(
        weeks,
        MONDAY + timedelta(2),
        Transaction(0, "S1", cancelled="Yes"),
        Transaction(11, "T1"),
        Transaction(12, "D1", cancelled="Yes"),
    )
    assert headings(weeks) == {
        "new codes": ["N1"],
        "newly redeemed": ["C1"],
        "newly cancelled": ["D1", "S1"],
        "changed dates": ["A1"],
        "gone": ["E1"],
        "changed otherwise": ["B1", "T1"],
    }


def test_a_new_code_that_is_redeemed_already_is_new(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Code("N1"), Code("N2", redeemed=REDEEMED))
    load_on(weeks, MONDAY, Transaction(9, "N1"))
    assert headings(weeks) == {"new codes": ["N1", "N2"]}


def test_a_code_redeemed_then_cancelled_since_is_newly_cancelled(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Transaction(9, "A1"))
    assert headings(weeks) == {"newly redeemed": ["A1"]}
    load_on(weeks, MONDAY, Transaction(9, "A1", cancelled="Yes"))
    assert headings(weeks) == {"newly cancelled": ["A1"]}


def test_a_code_cancelled_then_redeemed_again_since_is_newly_redeemed(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Transaction(0, "S1", cancelled="Yes"))
    load_on(weeks, MONDAY, Transaction(9, "S1"))
    assert headings(weeks) == {"newly redeemed": ["S1"]}


def test_a_code_that_keeps_a_live_redemption_is_changed_otherwise(weeks: Vouchers) -> None:
    load_on(weeks, weeks_before(1), Transaction(9, "S1"))
    load_on(weeks, MONDAY, Transaction(9, "S1", cancelled="Yes"), Transaction(10, "T1"))
    assert headings(weeks) == {"changed otherwise": ["S1", "T1"]}


def test_new_dates_of_a_redeemed_code_do_not_hide_that_it_is_redeemed(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Code("A1", expiry=LATER, redeemed=REDEEMED), Code("B1", expiry=LATER))
    assert headings(weeks) == {"newly redeemed": ["A1"], "changed dates": ["B1"]}


def test_a_code_that_is_gone_is_gone_whatever_else_it_is(vouchers: Vouchers) -> None:
    load_on(vouchers, weeks_before(1), Code("A1"), Code("A2"), batch="7")
    load_on(vouchers, MONDAY, Code("A1", expiry=LATER), Code("A2"), Code("N1"), batch="7")
    load_on(vouchers, MONDAY, Transaction(1, "A1"))
    load_on(vouchers, MONDAY, Code("A2"), batch="7")
    assert headings(vouchers) == {"gone": ["A1", "N1"]}
    assert summary(vouchers.store) == {("gone", "Email", "7"): 2}


def test_a_code_that_was_gone_and_came_back_is_not_gone(vouchers: Vouchers) -> None:
    load_on(vouchers, weeks_before(1), Code("A1"), Code("A2"), Code("A3"), batch="7")
    load_on(vouchers, MONDAY, Code("A1"), batch="7")
    load_on(vouchers, MONDAY, Code("A2"), folder="May")  # of whatever scope
    assert headings(vouchers) == {"gone": ["A3"], "changed otherwise": ["A2"]}
    load_on(vouchers, MONDAY, Code("A1"), Code("A2"), batch="7")
    load_on(vouchers, MONDAY, Code("A1"), batch="7")
    assert headings(vouchers) == {"gone": ["A2", "A3"]}


def test_a_new_code_that_went_and_came_back_is_new(vouchers: Vouchers) -> None:
    load_on(vouchers, MONDAY, Code("A1"), Code("A2"), batch="7")
    load_on(vouchers, MONDAY, Code("A1"), batch="7")
    load_on(vouchers, MONDAY, Code("A1"), Code("A2"), batch="7")
    assert headings(vouchers) == {"new codes": ["A1", "A2"]}


def test_two_imports_that_change_the_same_code_count_it_once(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Code("A1", expiry=LATER), Code("B1", redeemed=REDEEMED))
    load_on(weeks, MONDAY, Code("A1", expiry="01/04/2100 00:00"), Code("B1", redeemed=REDEEMED))
    load_on(weeks, MONDAY, Transaction(9, "B1", time="02/01/2016 10:00"))
    assert headings(weeks) == {"newly redeemed": ["B1"], "changed dates": ["A1"]}


def test_the_same_files_again_change_nothing(vouchers: Vouchers) -> None:
    codes, sold = (Code("A1"), Code("A2")), (Transaction(1, "A1"),)
    load_on(vouchers, weeks_before(1), *codes)
    load_on(vouchers, weeks_before(1), *sold)
    load_on(vouchers, MONDAY, *codes)
    load_on(vouchers, MONDAY, *sold)
    assert headings(vouchers) == {}
    (row,) = vouchers.query("since_monday")
    assert row["imports"] == 2


def test_redemptions_of_codes_that_no_file_has_brought_are_not_in_it(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Transaction(9, "X9"), Transaction(10, "A1", ""))
    assert headings(weeks) == {}


def test_an_import_taken_back_counts_not_at_all(weeks: Vouchers) -> None:
    first = load_on(weeks, MONDAY, Code("N1"), Code("A1", expiry=LATER))
    second = load_on(weeks, MONDAY, Code("N1"), Code("N2"), Code("A1", expiry=LATER))
    assert headings(weeks) == {"new codes": ["N1", "N2"], "changed dates": ["A1"]}
    undo(weeks.store, {first.import_id})
    assert headings(weeks) == {"new codes": ["N1", "N2"], "changed dates": ["A1"]}
    assert headings(weeks, from_import=second.import_id) == headings(weeks)
    undo(weeks.store, {second.import_id})
    assert headings(weeks, since=MONDAY) == {}
    # The newest import is one of last week then.
    assert headings(weeks) == {"newly redeemed": ["S1", "T1", "U1"]}


def test_since_counts_the_imports_of_the_day_and_after_by_when_they_were_made(
    weeks: Vouchers,
) -> None:
    load_on(weeks, MONDAY, Code("N1"), batch="8")
    load_on(weeks, MONDAY + timedelta(1), Code("N2"), batch="9")
    every = ["A1", "B1", "C1", "D1", "E1", "S1", "T1", "U1", "N1", "N2"]
    wanted = {
        weeks_before(3): {"new codes": every},
        weeks_before(2): {"new codes": every},
        weeks_before(1): {"new codes": ["N1", "N2"], "newly redeemed": ["S1", "T1", "U1"]},
        weeks_before(1) + timedelta(1): {"new codes": ["N1", "N2"]},
        MONDAY: {"new codes": ["N1", "N2"]},
        MONDAY + timedelta(1): {"new codes": ["N2"]},
        MONDAY + timedelta(2): {},
    }
    assert {day: headings(weeks, since=day) for day in wanted} == wanted


def test_since_an_import_counts_it_and_all_after_it(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Code("N1"), batch="8")
    last = load_on(weeks, MONDAY, Code("N2"), batch="9").import_id
    assert headings(weeks, from_import=last) == {"new codes": ["N2"]}
    assert headings(weeks, from_import=last - 1) == {"new codes": ["N1", "N2"]}
    assert headings(weeks, from_import=last + 1) == {}
    assert headings(weeks, since=MONDAY + timedelta(1), from_import=last) == {}
    names = [row["import_id"] for row in imports_since(weeks, from_import=last - 1)]
    assert names == [last, last - 1]


def imports_since(
    vouchers: Vouchers, since: date | None = None, from_import: int | None = None
) -> list[dict[str, object]]:
    since_text = since and since.isoformat()
    return vouchers.query("imports_since", since=since_text, from_import=from_import)


@pytest.mark.parametrize("days", range(7))
def test_last_monday_is_that_of_the_newest_imports_week(weeks: Vouchers, days: int) -> None:
    """Who opens the page on a Monday morning sees what was imported that morning."""
    done = load_on(weeks, MONDAY + timedelta(days), Code("N1"))
    make_on(weeks.store, done.import_id, MONDAY + timedelta(days), hour=0)
    (row,) = weeks.query("since_monday")
    assert (row["monday"].date(), row["imports"]) == (MONDAY, 1)
    assert headings(weeks) == headings(weeks, since=MONDAY) == {"new codes": ["N1"]}


def test_the_filters_choose_the_codes(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Code("N1", "SMS"), Code("N2", "Email"), batch="8")
    load_on(weeks, MONDAY, Transaction(9, "A1"), Transaction(10, "N1", "SMS"))
    wanted = {
        "": {"new codes": ["N1", "N2"], "newly redeemed": ["A1"]},
        "group=SMS": {"new codes": ["N1"]},
        "batch=7": {"newly redeemed": ["A1"]},
        "batch!=7&status=redeemed": {"new codes": ["N1"]},
        "prefix=N": {"new codes": ["N1", "N2"]},
        "site=Site999": {"new codes": ["N1", "N2"], "newly redeemed": ["A1"]},
    }
    assert {query: headings(weeks, query) for query in wanted} == wanted


def test_who_sees_one_group_sees_its_codes_and_no_import(weeks: Vouchers) -> None:
    load_on(weeks, MONDAY, Code("N1", "SMS"), Code("N2", "Email"), batch="8")
    filters = Filters(access=Access(groups=("SMS",)))
    assert summary(weeks.store, filters) == {("new codes", "SMS", "8"): 1}
    masked = Filters(access=Access(masked=True))
    assert sum(summary(weeks.store, masked).values()) == 2


def test_more_codes_than_a_page_are_paged(vouchers: Vouchers) -> None:
    texts = [f"N{number:03}" for number in range(120)]
    load_on(vouchers, MONDAY, *map(Code, texts))
    values: dict[str, Any] = {"since": None, "from_import": None, "change": "new codes"}
    pages = [vouchers.query("since_rows", **values, offset=offset) for offset in (0, 50, 100)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [row["code"] for page in pages for row in page] == texts
