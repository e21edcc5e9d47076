"""Curves by age: the rate within each number of days, as far as the whole cohort is observed."""

from datetime import datetime

import pytest

from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

UNTIL = datetime(2016, 1, 6, 12, 0)  # data until
EVERY = 1_000_000


def curves(
    vouchers: Vouchers,
    by: str = "group",
    query: str = "",
    now: datetime = UNTIL,
    *,
    most: int = EVERY,
    every_day: bool = True,
) -> dict[str, dict[int, tuple[int, int]]]:
    """Redeemed codes and all codes by name and age in days."""
    rows = vouchers.query("redemption_curve", query, now, by=by, most=most, every_day=every_day)
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for row in rows:
        assert row["rate"] == pytest.approx(row["redeemed"] / row["codes"])
        found.setdefault(row["name"], {})[row["age_days"]] = (row["redeemed"], row["codes"])
    return found


def test_a_curve_counts_a_code_from_the_day_by_which_it_was_redeemed(vouchers: Vouchers) -> None:
    vouchers.load(*(Code(code) for code in ("A1", "A2", "A3", "A4")))
    vouchers.load(
        Transaction("T1", "A1", time="31/12/2015 12:00"),  # before its start
        Transaction("T2", "A2", time="01/01/2016 23:59"),
        Transaction("T3", "A3", time="04/01/2016 00:00"),  # exactly three days after it
        Transaction("T4", "A4", time="02/01/2016 12:00", cancelled="Yes"),
    )
    assert curves(vouchers) == {"Email": {1: (2, 4), 2: (2, 4), 3: (2, 4), 4: (3, 4), 5: (3, 4)}}


def test_a_curve_ends_where_the_youngest_code_is_no_longer_observed(vouchers: Vouchers) -> None:
    vouchers.load(
        Code("A1", start="01/01/2016 00:00", redeemed="05/01/2016 12:00"),
        Code("A2", start="03/01/2016 13:00"),
    )
    assert curves(vouchers) == {"Email": {1: (0, 2), 2: (0, 2)}}
    assert max(curves(vouchers, now=datetime(2016, 1, 6, 13))["Email"]) == 3


def test_a_cohort_with_a_code_younger_than_a_day_has_no_curve(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2", start="05/01/2016 13:00"), Code("A3", "SMS"))
    assert list(curves(vouchers)) == ["SMS"]


def test_a_code_without_a_start_is_in_no_curve(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2", start="", redeemed="02/01/2016 12:00"))
    assert curves(vouchers)["Email"][5] == (0, 1)


def test_the_curves_of_the_cohorts_with_the_most_codes_come_first(vouchers: Vouchers) -> None:
    groups = ("B", "A", "A", "C", "C")
    vouchers.load(*(Code(f"X{number}", group) for number, group in enumerate(groups)))
    assert list(curves(vouchers)) == ["A", "C", "B"]
    assert list(curves(vouchers, most=2)) == ["A", "C"]


def test_days_on_which_nothing_changes_can_be_left_out(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", redeemed="03/01/2016 12:00"), Code("A2"))
    assert curves(vouchers, every_day=False) == {"Email": {1: (0, 2), 3: (1, 2), 5: (1, 2)}}


def test_curves_are_of_batches_groups_folders_and_months_of_start(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="31/12/2015 00:00"), batch="7", folder="May")
    vouchers.load(Code("A2", "SMS"), batch="8")
    for by, names in {
        "batch": ["7", "8"],
        "group": ["Email", "SMS"],
        "folder": ["(no folder)", "May"],
        "month": ["2015-12", "2016-01"],
    }.items():
        assert list(curves(vouchers, by)) == names


def test_a_filter_of_redemptions_does_not_narrow_a_curve(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(Transaction("T1", "A1", time="01/01/2016 12:00", site="Site001"))
    for query in ("site=Site002", "cancelled=yes", "to=2015-12-31"):
        assert curves(vouchers, query=query)["Email"][1] == (1, 1)
