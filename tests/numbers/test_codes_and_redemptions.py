"""Codes issued; redemptions, net and cancelled."""

from datetime import datetime

import pytest

from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers


def test_overlapping_files_count_a_code_once(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"), batch="1042")
    vouchers.load(Code("A2"), Code("A3"), folder="May")
    vouchers.expect(codes_issued=3)


def test_the_same_code_in_two_groups_is_two_codes(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", "Email"), Code("A1", "SMS"))
    vouchers.load(Transaction("T1", "A1", "SMS", time="10/01/2016 12:00"))
    vouchers.expect(codes_issued=2, redeemed_codes=1, outstanding=1)
    vouchers.expect("group=Email", codes_issued=1, redemptions=0, outstanding=1)
    vouchers.expect("group=SMS", codes_issued=1, redemptions=1, outstanding=0)


def test_codes_that_a_spreadsheet_would_change_stay_different(vouchers: Vouchers) -> None:
    vouchers.load(*(Code(text) for text in ("007", "7", "1E5", "100000", "TRUE", "True", "=A1")))
    vouchers.expect(codes_issued=7)
    vouchers.expect("prefix=00", codes_issued=1)
    vouchers.expect("prefix=1E", codes_issued=1)


def test_redemptions_are_gross_and_the_headline_is_net(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A2", time="11/01/2016 12:00", cancelled="Yes"),
        Transaction("T3", "A2", time="12/01/2016 12:00"),
    )
    vouchers.expect(redemptions=3, cancelled=1, net=2, cancellation_rate=pytest.approx(1 / 3))


def test_a_cancelled_redemption_is_drawn_at_the_time_of_the_redemption(vouchers: Vouchers) -> None:
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 23:59", cancelled="Yes"))
    assert vouchers.bars("day") == {datetime(2016, 1, 10): (0, 1)}


def test_a_transaction_that_is_exported_again_counts_once_as_it_is_now(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 12:00"))
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 12:00", cancelled="Yes"))
    vouchers.expect(redemptions=1, cancelled=1, net=0, redeemed_codes=0)
    assert vouchers.statuses() == {"A1": "cancelled"}


def test_transactions_of_unknown_codes_are_stored_counted_and_shown_separately(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "GHOST", time="10/01/2016 12:00"),
        Transaction("T3", "GHOST", time="10/01/2016 12:00", cancelled="Yes"),
        Transaction("T4", "A1", "SMS", time="10/01/2016 12:00"),
        Transaction("T5", "A1", "", time="10/01/2016 12:00"),
    )
    vouchers.expect(codes_issued=1, redemptions=5, net=4, redeemed_codes=1, of_unknown_codes=4)
