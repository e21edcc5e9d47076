"""Bouncebacks: parents and children, how many of these return and when, and chains of them."""

from datetime import datetime
from typing import Any

import pytest

from queries.access import Access
from queries.chance import wilson
from queries.filters import Filters
from tests.support.queries import query_rows
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

NOW = datetime(2016, 3, 1)


def child(code: str, parent: str, group: str = "Receipt", **columns: str) -> Code:
    return Code(code, group, parent=parent, **columns)


def of_all(vouchers: Vouchers, query: str = "", now: datetime = NOW) -> dict[str, Any]:
    (row,) = [row for row in vouchers.query("bounceback", query, now) if row["of"] == "all"]
    return row


def flows(vouchers: Vouchers, query: str = "") -> dict[tuple[str, str], int]:
    """The children by trigger group and their own."""
    rows = vouchers.query("bounceback", query, NOW)
    return {(r["trigger_group"], r["group_name"]): r["children"] for r in rows if r["of"] == "pair"}


def depths(vouchers: Vouchers, query: str = "") -> dict[int, int]:
    return {r["depth"]: r["children"] for r in vouchers.query("bounceback_chains", query, NOW)}


@pytest.fixture
def receipts(vouchers: Vouchers) -> Vouchers:
    """Three parents with four children, two of which came back, and a child of nobody."""
    vouchers.load(Code("P1"), Code("P2", "SMS"), Code("P3", "SMS"))
    vouchers.load(child("C1", "P1"), child("C2", "P1"), child("C3", "P2"), child("C4", "P3"),
                  child("C5", "gone"))  # fmt: skip
    vouchers.load(
        Transaction(1, "P1", time="05/01/2016 12:00"),
        Transaction(2, "P2", "SMS", time="06/01/2016 12:00"),
        Transaction(3, "C1", "Receipt", time="08/01/2016 00:00"),
        Transaction(4, "C3", "Receipt", time="10/01/2016 12:00"),
        Transaction(5, "C2", "Receipt", time="09/01/2016 12:00", cancelled="Yes"),
    )
    return vouchers


def test_the_return_rate_is_of_all_children_issued(receipts: Vouchers) -> None:
    whole = of_all(receipts)
    assert (whole["parents"], whole["children"], whole["redeemed"]) == (3, 5, 2)
    assert whole["without_parent"] == 1
    rate = wilson(2, 5)
    assert (whole["return_rate"], whole["low"], whole["high"]) == pytest.approx(rate)


def test_children_stand_by_the_group_that_triggered_them_and_by_their_own(
    receipts: Vouchers,
) -> None:
    assert flows(receipts) == {
        ("Email", "Receipt"): 2,
        ("SMS", "Receipt"): 2,
        ("(parent unknown)", "Receipt"): 1,
    }
    triggers = [r for r in receipts.query("bounceback", now=NOW) if r["of"] == "trigger"]
    assert {r["trigger_group"]: (r["parents"], r["redeemed"]) for r in triggers} == {
        "Email": (1, 1),
        "SMS": (2, 1),
        "(parent unknown)": (0, 0),
    }


def test_the_days_go_from_the_parents_first_redemption_to_that_of_the_child(
    receipts: Vouchers,
) -> None:
    whole = of_all(receipts)
    assert (whole["paired"], whole["before_parent"]) == (2, 0)
    assert [whole[n] for n in ("lower_quartile", "median", "upper_quartile")] == pytest.approx(
        [2.875, 3.25, 3.625]  # of 2.5 and 4 days
    )


def test_children_are_compared_by_the_first_28_days_of_those_old_enough(
    receipts: Vouchers,
) -> None:
    receipts.load(
        child("C6", "P1", start="02/02/2016 00:00"),  # 28 days before
        child("C7", "P1", start="03/02/2016 00:00"),
        child("C8", "P1", start="", expiry="01/03/2016 00:00"),
    )
    receipts.load(
        Transaction(6, "C2", "Receipt", time="28/01/2016 23:59"),
        Transaction(7, "C4", "Receipt", time="29/01/2016 00:00"),  # 28 days old
        Transaction(8, "C7", "Receipt", time="04/02/2016 12:00"),
    )
    whole = of_all(receipts)
    assert (whole["children"], whole["old_enough"], whole["too_young"]) == (8, 6, 1)
    assert (whole["within_28"], whole["redeemed"], whole["running"]) == (3, 5, 2)
    rate = wilson(3, 6)
    assert (whole["rate_28"], whole["low_28"], whole["high_28"]) == pytest.approx(rate)


def test_a_child_redeemed_before_its_parent_is_counted_and_in_no_quartile(
    receipts: Vouchers,
) -> None:
    receipts.load(child("C6", "P2"))
    receipts.load(Transaction(6, "C6", "Receipt", time="01/01/2016 12:00"))
    whole = of_all(receipts)
    assert (whole["paired"], whole["before_parent"], whole["redeemed"]) == (3, 1, 3)
    assert whole["median"] == pytest.approx(3.25)


def test_only_redemptions_until_the_moment_count(receipts: Vouchers) -> None:
    assert of_all(receipts, "asof=2016-01-09")["redeemed"] == 1
    assert of_all(receipts, "to=2016-01-09")["redeemed"] == 1
    assert of_all(receipts, "asof=2016-01-05")["redeemed"] == 0


def test_the_filters_choose_the_children_and_not_their_parents(receipts: Vouchers) -> None:
    assert flows(receipts, "group=Receipt") == flows(receipts)
    assert flows(receipts, "group=SMS") == {}
    assert flows(receipts, "prefix=C1&prefix=C3") == {
        ("Email", "Receipt"): 1,
        ("SMS", "Receipt"): 1,
    }
    assert flows(receipts, "status=redeemed&site=nowhere") == flows(receipts, "status=redeemed")


def test_without_a_child_there_is_still_a_row_of_all(vouchers: Vouchers) -> None:
    vouchers.load(Code("P1"))
    whole = of_all(vouchers)
    assert (whole["children"], whole["parents"], whole["return_rate"]) == (0, 0, None)
    assert depths(vouchers) == {}


@pytest.mark.parametrize(
    ("redeemed", "trigger"),
    [
        ({"Email": "05/01/2016 12:00", "SMS": "20/01/2016 12:00"}, "Email"),
        ({"Email": "20/01/2016 12:00", "SMS": "10/01/2016 23:59"}, "SMS"),  # the day of the start
        ({"Email": "05/01/2016 12:00", "SMS": "05/01/2016 12:00"}, "Email"),  # the first by name
        ({"Email": "05/01/2016 12:00", "Receipt": "06/01/2016 12:00"}, "Receipt"),  # its own
        ({"SMS": "05/01/2016 12:00"}, "SMS"),
        ({}, "Receipt"),
    ],
)
def test_of_a_code_in_several_groups_the_one_redeemed_before_the_child_is_the_parent(
    vouchers: Vouchers, redeemed: dict[str, str], trigger: str
) -> None:
    vouchers.load(Code("P", "Email"), Code("P", "SMS"), Code("P", "Receipt"))
    vouchers.load(child("C", "P", start="10/01/2016 00:00"))
    if redeemed:
        vouchers.load(
            *(Transaction(n, "P", g, time=at) for n, (g, at) in enumerate(redeemed.items()))
        )
    assert flows(vouchers) == {(trigger, "Receipt"): 1}


def test_a_code_is_not_its_own_parent(vouchers: Vouchers) -> None:
    vouchers.load(child("C", "C"))
    assert flows(vouchers) == {("(parent unknown)", "Receipt"): 1}
    assert depths(vouchers) == {1: 1}


def test_a_child_of_a_child_has_depth_two(receipts: Vouchers) -> None:
    receipts.load(child("D1", "C1"), child("D2", "C5"), child("E1", "D1"))
    assert depths(receipts) == {1: 5, 2: 2, 3: 1}
    assert depths(receipts, "prefix=E") == {3: 1}


def test_a_circle_ends_at_depth_twenty(vouchers: Vouchers) -> None:
    vouchers.load(child("A", "B"), child("B", "C"), child("C", "A"))
    assert depths(vouchers) == {20: 3}


def test_who_does_not_see_the_group_of_a_parent_does_not_learn_of_it(receipts: Vouchers) -> None:
    filters = Filters(access=Access(groups=("Receipt",)))
    with receipts.store.cursor() as db:
        rows = query_rows(db, "bounceback", filters, NOW)
    assert [r["trigger_group"] for r in rows if r["of"] == "pair"] == ["(parent unknown)"]
    (whole,) = [r for r in rows if r["of"] == "all"]
    assert (whole["parents"], whole["without_parent"], whole["paired"]) == (0, 5, 0)


def test_the_checks_on_parents_count_what_the_page_to_check_counts(receipts: Vouchers) -> None:
    receipts.load(child("D1", "D2"), child("D2", "D1"), child("E1", "C2"))
    rows = receipts.query("parent_checks", now=NOW)
    counts = {row["check"]: row["codes"] for row in rows}
    assert counts == {
        "parent_not_loaded": 1,
        "parent_not_redeemed": 3,
        "parent_cancelled": 1,
        "parent_cycle": 2,
    }
    for name, codes in counts.items():
        values = {"check": name, "minutes": 5, "limits": "99.8", "imported_since": None}
        (found,) = receipts.query("to_check_count", now=NOW, **values)
        assert found["rows"] == codes
