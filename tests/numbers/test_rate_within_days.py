"""The rate within N days of a start: which codes it counts, and which are too young for it."""

from datetime import datetime
from typing import Any

import pytest

from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

UNTIL = datetime(2016, 6, 1, 12, 0)  # data until


def rates(
    vouchers: Vouchers, by: str = "group", days: int = 7, query: str = "", now: datetime = UNTIL
) -> dict[str, tuple[Any, ...]]:
    """Codes, redeemed codes and codes too young, by name."""
    rows = vouchers.query("rate_within_days", query, now, by=by, days=days)
    return {row["name"]: (row["codes"], row["redeemed"], row["too_young"]) for row in rows}


@pytest.mark.parametrize(
    ("time", "redeemed"),
    [
        ("07/02/2016 11:59", 1),
        ("07/02/2016 12:00", 0),  # exactly seven days after its start
        ("08/02/2016 09:00", 0),
        ("31/01/2016 12:00", 1),  # at its start
        ("30/01/2016 12:00", 1),  # before its start
    ],
)
def test_a_code_counts_that_was_redeemed_less_than_n_days_after_its_start(
    vouchers: Vouchers, time: str, redeemed: int
) -> None:
    vouchers.load(Code("A1", start="31/01/2016 12:00"))
    vouchers.load(Transaction("T1", "A1", time=time))
    assert rates(vouchers) == {"Email": (1, redeemed, 0)}


@pytest.mark.parametrize(
    ("now", "codes", "too_young"),
    [
        (datetime(2016, 5, 31, 12, 0), 1, 0),
        (datetime(2016, 5, 31, 11, 59), 0, 1),
        (datetime(2016, 5, 1), 0, 1),  # before its start
    ],
)
def test_a_code_is_too_young_until_it_has_been_observed_for_n_days(
    vouchers: Vouchers, now: datetime, codes: int, too_young: int
) -> None:
    vouchers.load(Code("A1", start="24/05/2016 12:00"))
    vouchers.load(Transaction("T1", "A1", time="24/05/2016 13:00"))
    assert rates(vouchers, now=now) == {"Email": (codes, codes, too_young)}


def test_nothing_is_said_of_a_rate_where_every_code_is_too_young(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="31/05/2016 12:00"))
    (row,) = vouchers.query("rate_within_days", "", UNTIL, by="group", days=7)
    assert row == {
        "name": "Email", "codes": 0, "redeemed": 0, "rate": None, "low": None, "high": None,
        "too_young": 1,
    }  # fmt: skip


def test_a_code_without_a_start_is_neither_counted_nor_too_young(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="", redeemed="01/02/2016 12:00"), Code("A2", "SMS"))
    assert rates(vouchers) == {"SMS": (1, 0, 0)}


def test_a_code_that_expires_sooner_counts_all_the_same(vouchers: Vouchers) -> None:
    rows = (
        Code(code, start="01/01/2016 00:00", expiry="03/01/2016 00:00") for code in ("A1", "A2")
    )
    vouchers.load(*rows)
    vouchers.load(Transaction("T1", "A1", time="02/01/2016 12:00"))
    assert rates(vouchers) == {"Email": (2, 1, 0)}


def test_a_code_that_was_used_often_counts_once_by_its_first_redemption(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(
        Transaction("T1", "A1", time="20/01/2016 12:00"),
        Transaction("T2", "A1", time="03/01/2016 12:00"),
        Transaction("T3", "A1", time="04/01/2016 12:00"),
        Transaction("T4", "A2", time="20/01/2016 12:00"),
        Transaction("T5", "A2", time="21/01/2016 12:00"),
    )
    assert rates(vouchers) == {"Email": (2, 1, 0)}


def test_cancelled_redemptions_do_not_count(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(
        Transaction("T1", "A1", time="02/01/2016 12:00", cancelled="Yes"),
        Transaction("T2", "A2", time="02/01/2016 12:00", cancelled="Yes"),
        Transaction("T3", "A2", time="03/01/2016 12:00"),
    )
    assert rates(vouchers) == {"Email": (2, 1, 0)}
    assert rates(vouchers, days=2) == {"Email": (2, 0, 0)}


def test_a_redemption_known_only_from_a_codes_file_counts(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", redeemed="03/01/2016 12:00"), Code("A2"))
    assert rates(vouchers) == {"Email": (2, 1, 0)}


def test_a_filter_of_redemptions_does_not_narrow_the_rate(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(Transaction("T1", "A1", time="03/01/2016 12:00", site="Site001"))
    for query in (
        "site=Site002",
        "campaign=X",
        "cancelled=yes",
        "from=2016-03-01",
        "to=2015-12-31",
    ):
        assert rates(vouchers, query=query) == {"Email": (2, 1, 0)}, query


def test_a_filter_of_codes_narrows_the_rate(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2", "SMS"), Code("B1", "SMS", redeemed="02/01/2016 12:00"))
    assert rates(vouchers, query="group=SMS") == {"SMS": (2, 1, 0)}
    assert rates(vouchers, query="prefix=A") == {"Email": (1, 0, 0), "SMS": (1, 0, 0)}
    assert rates(vouchers, query="status=redeemed") == {"SMS": (1, 1, 0)}


def test_cohorts_are_batches_groups_folders_and_months_of_start(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="31/01/2016 23:59", redeemed="02/02/2016 12:00"), batch="7")
    vouchers.load(Code("A2", "SMS", start="01/02/2016 00:00"), folder="May")
    assert rates(vouchers, "batch") == {"7": (1, 1, 0), "(no batch)": (1, 0, 0)}
    assert rates(vouchers, "group") == {"Email": (1, 1, 0), "SMS": (1, 0, 0)}
    assert rates(vouchers, "folder") == {"May": (1, 0, 0), "(no folder)": (1, 1, 0)}
    assert rates(vouchers, "month") == {"2016-01": (1, 1, 0), "2016-02": (1, 0, 0)}


def test_the_best_rate_comes_first_and_those_too_young_last(vouchers: Vouchers) -> None:
    vouchers.load(
        Code("A1", "Young", start="30/05/2016 00:00"),
        Code("A2", "Low"),
        Code("A3", "High", redeemed="02/01/2016 12:00"),
        Code("A4", "Half", redeemed="02/01/2016 12:00"),
        Code("A5", "Half"),
    )
    assert list(rates(vouchers)) == ["High", "Half", "Low", "Young"]


def test_the_interval_is_wilsons(vouchers: Vouchers) -> None:
    redeemed = [Code(f"R{n}", redeemed="02/01/2016 12:00") for n in range(8)]
    vouchers.load(*redeemed, *(Code(f"U{n}") for n in range(2)))
    (row,) = vouchers.query("rate_within_days", "", UNTIL, by="group", days=7)
    # Published for 8 of 10: 49.0 % to 94.3 %.
    assert (row["rate"], row["low"], row["high"]) == pytest.approx((0.8, 0.490162, 0.943318))


def test_a_cohort_without_a_code_old_enough_is_named_with_its_age(vouchers: Vouchers) -> None:
    vouchers.load(
        Code("A1", "Old", start="01/05/2016 00:00"),
        Code("A2", "Old", start="31/05/2016 00:00"),
        Code("B1", "Young", start="29/05/2016 12:00", redeemed="30/05/2016 12:00"),
        Code("B2", "Young", start="31/05/2016 00:00"),
        Code("C1", "Planned", start="03/06/2016 12:00"),
        Code("D1", "Never", start=""),
    )
    rows = vouchers.query("too_young", "", UNTIL, by="group", days=7)
    assert [tuple(row.values()) for row in rows] == [("Young", 2, 1, 3), ("Planned", 1, 0, -2)]
