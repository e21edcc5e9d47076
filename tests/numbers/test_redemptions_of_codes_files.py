"""Redemptions known only from a codes file count until the code has a transaction."""

from datetime import datetime

import pytest

from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers


def test_a_redemption_known_only_from_the_codes_file_counts_once_at_its_time(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1", redeemed="10/01/2016 12:30"), Code("A2"))
    vouchers.expect(redemptions=1, net=1, cancelled=0, redeemed_codes=1, from_codes_files=1)
    assert vouchers.bars("hour") == {datetime(2016, 1, 10, 12): (1, 0)}
    assert vouchers.statuses() == {"A1": "redeemed", "A2": "active"}


def test_loading_the_same_codes_file_twice_counts_its_redemptions_once(vouchers: Vouchers) -> None:
    for _ in range(2):
        vouchers.load(Code("A1", redeemed="10/01/2016 12:30"))
    vouchers.expect(redemptions=1, from_codes_files=1)


def test_a_newer_codes_file_moves_the_redemption_known_only_from_it(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2", redeemed="10/01/2016 12:00"))
    vouchers.load(Code("A1", redeemed="11/01/2016 12:00"), Code("A2"))
    vouchers.expect(redemptions=1)
    assert vouchers.statuses() == {"A1": "redeemed", "A2": "active"}


@pytest.mark.parametrize("codes_first", [True, False])
def test_a_transaction_replaces_the_codes_files_redemption(
    vouchers: Vouchers, codes_first: bool
) -> None:
    files: list[tuple[Code | Transaction, ...]] = [
        (Code("A1", redeemed="10/01/2016 12:00"),),
        (
            Transaction("T1", "A1", time="11/01/2016 12:00"),
            Transaction("T2", "A1", time="12/01/2016 12:00"),
        ),
    ]
    for rows in files if codes_first else reversed(files):
        vouchers.load(*rows)
    vouchers.expect(redemptions=2, redeemed_codes=1, from_codes_files=0)
    assert datetime(2016, 1, 10) not in vouchers.bars("day")


@pytest.mark.parametrize("codes_first", [True, False])
def test_even_a_cancelled_transaction_replaces_the_codes_files_redemption(
    vouchers: Vouchers, codes_first: bool
) -> None:
    files: list[tuple[Code | Transaction, ...]] = [
        (Code("A1", redeemed="10/01/2016 12:00"),),
        (Transaction("T1", "A1", time="10/01/2016 12:00", cancelled="Yes"),),
    ]
    for rows in files if codes_first else reversed(files):
        vouchers.load(*rows)
    vouchers.expect(redemptions=1, cancelled=1, net=0, redeemed_codes=0, from_codes_files=0)
    assert vouchers.statuses() == {"A1": "cancelled"}


@pytest.mark.parametrize(
    "query", ["from=2016-01-01&to=2016-01-31", "site=Site002", "cancelled=no", "site=(no site)"]
)
def test_even_a_transaction_outside_the_filter_replaces_the_codes_files_redemption(
    vouchers: Vouchers, query: str
) -> None:
    vouchers.load(Code("A1", redeemed="10/01/2016 12:00"))
    vouchers.load(Transaction("T1", "A1", time="20/02/2016 12:00", site="Site001", cancelled="Yes"))
    vouchers.expect(query, redemptions=0, redeemed_codes=0)


def test_a_transaction_after_the_as_of_date_also_replaces_the_codes_files_redemption(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1", redeemed="10/01/2016 12:00"))
    vouchers.load(Transaction("T1", "A1", time="20/02/2016 12:00"))
    assert vouchers.statuses("asof=2016-02-01") == {"A1": "active"}


def test_a_transaction_of_the_same_code_in_another_group_does_not_replace_it(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1", "Email", redeemed="10/01/2016 12:00"), Code("A1", "SMS"))
    vouchers.load(Transaction("T1", "A1", "SMS", time="11/01/2016 12:00"))
    vouchers.expect("group=Email", redemptions=1, from_codes_files=1)
    vouchers.expect("group=SMS", redemptions=1, from_codes_files=0)


def test_the_codes_files_redemption_counts_again_when_its_only_transaction_names_another_code(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1", redeemed="10/01/2016 12:00"), Code("A2"))
    vouchers.load(Transaction("T1", "A1", time="11/01/2016 12:00"))
    vouchers.load(Transaction("T1", "A2", time="11/01/2016 12:00"))
    vouchers.expect(redemptions=2, redeemed_codes=2, from_codes_files=1)
