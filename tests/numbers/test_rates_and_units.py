"""Rates and units given."""

from contextlib import suppress

import pytest

from data.store.errors import Refused
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers


def test_rates_of_nothing_are_blank_and_not_zero(vouchers: Vouchers) -> None:
    vouchers.expect(codes_issued=0, redemptions=0, net=0, outstanding=0, units_given=0)
    vouchers.expect(redemption_rate=None, cancellation_rate=None, scans_per_redeemed_code=None)


def test_codes_without_redemptions_have_a_redemption_rate_of_zero_and_no_other(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1"))
    vouchers.expect(redemption_rate=0, cancellation_rate=None, scans_per_redeemed_code=None)


def test_transactions_without_codes_have_no_redemption_rate(vouchers: Vouchers) -> None:
    vouchers.load(Transaction("T1", "GHOST", time="10/01/2016 12:00"))
    vouchers.expect(redemption_rate=None, cancellation_rate=0, redeemed_codes=0)


def test_a_code_that_is_used_three_times_is_one_redeemed_code(vouchers: Vouchers) -> None:
    vouchers.load(Code("TIMES20", "Newspaper"))
    vouchers.load(*(Transaction(f"T{day}", "TIMES20", "Newspaper", time=f"{day}/01/2016 12:00")
                 for day in ("10", "11", "12")))  # fmt: skip
    vouchers.expect(net=3, redeemed_codes=1, redemption_rate=1, scans_per_redeemed_code=3)


def test_single_use_codes_have_one_scan_per_redeemed_code(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"), Code("A3"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A2", time="10/01/2016 12:00"),
    )
    vouchers.expect(scans_per_redeemed_code=1, redemption_rate=pytest.approx(2 / 3))


def test_a_code_whose_redemption_was_cancelled_is_not_redeemed(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 12:00", cancelled="Yes"))
    vouchers.expect(redeemed_codes=0, redemption_rate=0, cancellation_rate=1)


def test_a_code_that_was_cancelled_and_then_redeemed_is_redeemed(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00", cancelled="Yes"),
        Transaction("T2", "A1", time="11/01/2016 12:00"),
    )
    vouchers.expect(redeemed_codes=1, redemption_rate=1, cancellation_rate=0.5)
    assert vouchers.statuses() == {"A1": "redeemed"}


def test_a_site_or_a_period_leaves_the_codes_issued_as_they_are(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00", site="Site001"),
        Transaction("T2", "A2", time="10/02/2016 12:00", site="Site002"),
    )
    for query in ("site=Site001", "to=2016-01-31", "site=Site001&from=2016-01-10&to=2016-01-10"):
        vouchers.expect(query, codes_issued=2, redeemed_codes=1, redemption_rate=0.5)


def test_units_given_count_the_items_of_each_scan_that_was_not_cancelled(
    vouchers: Vouchers,
) -> None:
    vouchers.load(
        Code("A1", quantity="6"),
        Code("A2", quantity="2", redeemed="10/01/2016 12:00"),
        Code("A3", type="Discount", quantity="1"),
        Code("A4", type="Payment", quantity="1"),
    )
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A1", time="11/01/2016 12:00"),
        Transaction("T3", "A1", time="12/01/2016 12:00", cancelled="Yes"),
        Transaction("T4", "A3", time="12/01/2016 12:00"),
        Transaction("T5", "A4", time="12/01/2016 12:00"),
    )
    vouchers.expect(units_given=6 + 6 + 2, units_unknown=0)


def test_units_of_unknown_codes_are_not_guessed_but_counted_apart(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", quantity="6"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "GHOST", time="11/01/2016 12:00"),
        Transaction("T3", "GHOST", time="12/01/2016 12:00", cancelled="Yes"),
    )
    vouchers.expect(units_given=6, units_unknown=1)


def test_an_item_without_a_quantity_is_not_counted_as_one_unit(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", quantity=""), Code("A2", quantity="3"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A2", time="10/01/2016 12:00"),
    )
    vouchers.expect(units_given=3)


def test_quantities_that_no_till_gives_do_not_break_the_tiles(vouchers: Vouchers) -> None:
    with suppress(Refused):  # would be right too
        vouchers.load(*(Code(code, quantity=str(2**63 - 1), redeemed="10/01/2016 12:00")
                     for code in ("A1", "A2")))  # fmt: skip
    vouchers.expect(cancelled=0)
