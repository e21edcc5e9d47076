"""The status of a code, at any date."""

from datetime import datetime

import pytest

from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers


def test_a_code_that_expires_on_the_28th_works_on_the_27th(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", expiry="28/04/2018 00:00"))
    assert vouchers.statuses(now=datetime(2018, 4, 27, 23, 59)) == {"A1": "active"}
    vouchers.expect(now=datetime(2018, 4, 27, 23, 59), outstanding=1)


def test_a_code_that_expires_on_the_28th_does_not_work_on_the_28th(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", expiry="28/04/2018 00:00"))
    assert vouchers.statuses("asof=2018-04-28") == {"A1": "expired"}
    assert vouchers.statuses(now=datetime(2018, 4, 28, 0, 0)) == {"A1": "expired"}
    vouchers.expect("asof=2018-04-28", outstanding=0)


def test_a_code_that_starts_on_the_10th_works_from_the_10th_on(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="10/01/2016 00:00"))
    assert vouchers.statuses(now=datetime(2016, 1, 9, 23, 59)) == {"A1": "scheduled"}
    assert vouchers.statuses("asof=2016-01-10") == {"A1": "active"}


def test_a_code_without_an_expiry_never_expires(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", expiry=""))
    assert vouchers.statuses("asof=2100-12-31") == {"A1": "active"}


def test_a_code_without_a_start_has_started(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start=""))
    assert vouchers.statuses("asof=1900-01-01") == {"A1": "active"}


FUTURE, PAST = "01/01/2017 00:00", "01/02/2016 00:00"


@pytest.mark.parametrize(
    ("code", "transactions", "status"),
    [
        (
            Code("A1", expiry=PAST),
            [Transaction("T1", "A1", time="10/01/2016 12:00", deleted="Yes")],
            "deleted",
        ),
        (
            Code("A1"),
            [Transaction("T1", "A1", time="10/01/2016 12:00", cancelled="Yes", deleted="Yes")],
            "deleted",
        ),
        (Code("A1", expiry=PAST), [Transaction("T1", "A1", time="10/01/2016 12:00")], "redeemed"),
        (Code("A1", start=FUTURE), [Transaction("T1", "A1", time="10/01/2016 12:00")], "redeemed"),
        (
            Code("A1", expiry=PAST),
            [Transaction("T1", "A1", time="10/01/2016 12:00", cancelled="Yes")],
            "cancelled",
        ),
        (
            Code("A1", start=FUTURE),
            [Transaction("T1", "A1", time="10/01/2016 12:00", cancelled="Yes")],
            "cancelled",
        ),
        (Code("A1", start=FUTURE, expiry=PAST), [], "expired"),
        (Code("A1", start=FUTURE), [], "scheduled"),
        (Code("A1", start=PAST, expiry=FUTURE), [], "active"),
    ],
)
def test_of_several_statuses_the_first_that_applies_is_shown(
    vouchers: Vouchers, code: Code, transactions: list[Transaction], status: str
) -> None:
    vouchers.load(code)
    if transactions:
        vouchers.load(*transactions)
    assert vouchers.statuses() == {"A1": status}
    vouchers.expect(outstanding=int(status == "active"))


def test_transactions_after_the_as_of_date_do_not_count_towards_the_status(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*(Code(code, expiry="01/05/2016 00:00") for code in ("A1", "A2", "A3")))
    vouchers.load(
        Transaction("T1", "A1", time="10/02/2016 12:00"),
        Transaction("T2", "A2", time="10/02/2016 12:00", cancelled="Yes"),
        Transaction("T3", "A3", time="10/02/2016 12:00", deleted="Yes"),
        Transaction("T4", "A2", time="10/03/2016 12:00"),
    )
    before = dict.fromkeys(("A1", "A2", "A3"), "active")
    assert vouchers.statuses("asof=2016-02-10") == before
    between = {"A1": "redeemed", "A2": "cancelled", "A3": "deleted"}
    assert vouchers.statuses("asof=2016-02-11") == between
    assert vouchers.statuses("asof=2016-05-01") == between | {"A2": "redeemed"}


def test_the_as_of_date_changes_no_number_but_the_statuses(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(
        Transaction("T1", "A1", time="10/02/2016 12:00"),
        Transaction("T2", "A2", time="10/02/2016 12:00", cancelled="Yes"),
    )
    for query, outstanding in (("asof=2016-02-01", 2), ("asof=2016-03-01", 0)):
        vouchers.expect(query, codes_issued=2, redemptions=2, net=1, cancelled=1, redeemed_codes=1)
        vouchers.expect(query, outstanding=outstanding)


def test_a_redemption_at_the_very_moment_counts_towards_the_status(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2", redeemed="10/02/2016 00:00"))
    vouchers.load(Transaction("T1", "A1", time="10/02/2016 00:00"))
    assert vouchers.statuses("asof=2016-02-10") == {"A1": "redeemed", "A2": "redeemed"}
    assert vouchers.statuses("asof=2016-02-09") == {"A1": "active", "A2": "active"}


def test_a_status_is_judged_at_the_periods_end_and_a_site_does_not_change_it(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(Transaction("T1", "A1", time="10/02/2016 12:00", site="Site001"))
    assert vouchers.statuses("to=2016-01-31") == {"A1": "active"}
    assert vouchers.statuses("to=2016-02-10") == {"A1": "redeemed"}
    assert vouchers.statuses("site=Site002") == {"A1": "redeemed"}


def test_outstanding_says_how_many_codes_expire_soon(vouchers: Vouchers) -> None:
    vouchers.load(
        Code("A1", expiry="05/03/2016 00:00"),
        Code("A2", expiry="12/03/2016 00:00"),
        Code("A3", expiry="25/03/2016 00:00"),
        Code("A4", expiry="01/06/2016 00:00"),
        Code("A5", expiry=""),
        Code("A6", expiry="01/03/2016 00:00"),
        Code("A7", expiry="05/03/2016 00:00", redeemed="10/01/2016 12:00"),
        Code("A8", start="02/03/2016 00:00", expiry="05/03/2016 00:00"),
    )
    vouchers.expect("asof=2016-03-01", outstanding=5, expiring_7=1, expiring_14=2, expiring_30=3)


def test_a_status_chooses_its_codes_and_with_them_their_transactions(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"), Code("A3"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A2", time="10/01/2016 12:00", cancelled="Yes"),
    )
    vouchers.expect("status=redeemed", codes_issued=1, redemptions=1, net=1)
    vouchers.expect("status=cancelled", codes_issued=1, redemptions=1, net=0)
    vouchers.expect("status=active&status=cancelled", codes_issued=2, redemptions=1)
    vouchers.expect("status=redeemed&asof=2016-01-01", codes_issued=0, redemptions=0)


def test_a_redeemed_code_that_was_deleted_later_is_deleted_and_still_counted_as_redeemed(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*(Code(code) for code in ("A1", "A2", "A3")))
    vouchers.load(
        Transaction("T1", "A1", time="10/02/2016 12:00"),
        Transaction("T2", "A1", time="11/02/2016 12:00", cancelled="Yes", deleted="Yes"),
        Transaction("T3", "A2", time="10/02/2016 12:00", cancelled="Yes", deleted="Yes"),
    )
    vouchers.expect(redeemed_codes=1)
    for query, wanted in (
        ("", {"deleted": (2, 1), "active": (1, 0)}),
        ("asof=2016-02-11", {"redeemed": (1, 1), "deleted": (1, 0), "active": (1, 0)}),
        ("asof=2016-02-10", {"active": (3, 0)}),
    ):
        bars = vouchers.query("status", query)
        assert {b["status"]: (b["codes"], b["redeemed_codes"]) for b in bars} == wanted


def test_a_code_is_redeemed_from_the_minute_on(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(Transaction("T1", "A1", time="10/02/2016 12:00"))
    vouchers.load(Transaction("T2", "A2", time="10/02/2016 14:00"))
    (active, redeemed) = vouchers.query("status", now=datetime(2016, 2, 10, 13))
    assert (active["status"], active["redeemed_codes"]) == ("active", 0)
    assert (redeemed["status"], redeemed["redeemed_codes"]) == ("redeemed", 1)
