"""Codes live in a period, and the redemption rate over them."""

import pytest

from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

APRIL = "from=2016-04-01&to=2016-04-30"


def live(vouchers: Vouchers, query: str) -> tuple[int, int]:
    """How many chosen codes were live in the period, and how many of them were redeemed in it."""
    (numbers,) = vouchers.query("numbers", query)
    assert numbers["redeemed_live"] == numbers["redeemed_codes"]
    return numbers["codes_live"], numbers["redeemed_live"]


@pytest.mark.parametrize(
    ("start", "expiry", "is_live"),
    [
        ("01/03/2016 00:00", "01/04/2016 00:00", False),  # ended as the period began
        ("01/03/2016 00:00", "01/04/2016 00:01", True),
        ("30/04/2016 23:59", "01/06/2016 00:00", True),
        ("01/05/2016 00:00", "01/06/2016 00:00", False),  # started as the period ended
        ("01/03/2016 00:00", "", True),
        ("", "01/04/2016 00:00", False),
        ("", "", True),
    ],
)
def test_a_code_is_live_that_starts_before_the_end_and_expires_after_the_beginning(
    vouchers: Vouchers, start: str, expiry: str, is_live: bool
) -> None:
    vouchers.load(Code("A1", start=start, expiry=expiry))
    assert live(vouchers, APRIL) == (int(is_live), 0)


def test_a_code_that_is_redeemed_in_the_period_is_live_whatever_its_dates_say(
    vouchers: Vouchers,
) -> None:
    ended = {"start": "01/01/2016 00:00", "expiry": "01/02/2016 00:00"}
    coming = {"start": "01/05/2016 00:00", "expiry": "01/06/2016 00:00"}
    vouchers.load(Code("A1", **ended), Code("A2", **ended), Code("B1", **coming))
    vouchers.load(
        Transaction(1, "A1", time="08/01/2016 12:00"),  # in time, before the period
        Transaction(2, "A2", time="08/01/2016 12:00"),
        Transaction(3, "A2", time="08/04/2016 12:00"),  # after its expiry
        Transaction(4, "A2", time="09/04/2016 12:00"),  # and once more
        Transaction(5, "B1", time="08/04/2016 12:00"),  # before its start
    )
    assert live(vouchers, APRIL) == (2, 2)


def test_a_cancelled_redemption_makes_no_code_live(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", expiry="01/02/2016 00:00"))
    vouchers.load(Transaction(1, "A1", time="08/04/2016 12:00", cancelled="Yes"))
    assert live(vouchers, APRIL) == (0, 0)


def test_the_rate_of_a_period_is_over_its_live_codes(vouchers: Vouchers) -> None:
    vouchers.load(
        *(Code(f"OLD{n}", expiry="01/03/2016 00:00") for n in range(6)),
        *(Code(f"NEW{n}", start="01/04/2016 00:00") for n in range(4)),
    )
    vouchers.load(Transaction(1, "NEW1", time="08/04/2016 12:00"))
    (numbers,) = vouchers.query("numbers", APRIL)
    assert (numbers["codes_issued"], numbers["codes_live"]) == (10, 4)
    assert (numbers["live_rate"], numbers["redemption_rate"]) == (0.25, 0.1)


def test_without_a_period_all_codes_are_live(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="01/01/2050 00:00"), Code("A2", expiry="02/01/2016 00:00"))
    assert live(vouchers, "") == (2, 0)


def test_a_period_without_an_end_ends_with_the_data(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="01/06/2016 12:00"), Code("A2", start="01/06/2016 12:01"))
    assert live(vouchers, "from=2016-04-01") == (1, 0)  # the data reach until 1 June, 12:00


def test_a_code_that_starts_and_is_redeemed_as_the_data_end_is_live(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="01/06/2016 12:00"))
    vouchers.load(Transaction(1, "A1", time="01/06/2016 12:00"))
    assert live(vouchers, "from=2016-04-01") == (1, 1)


@pytest.mark.parametrize("site", ["Site1", "Site2"])
def test_a_site_narrows_which_redemptions_make_a_code_live(vouchers: Vouchers, site: str) -> None:
    vouchers.load(Code("A1", expiry="01/02/2016 00:00"))
    vouchers.load(Transaction(1, "A1", time="08/04/2016 12:00", site="Site1"))
    redeemed = int(site == "Site1")
    assert live(vouchers, f"{APRIL}&site={site}") == (redeemed, redeemed)


def test_redemptions_known_only_from_a_codes_file_count_too(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", expiry="01/02/2016 00:00", redeemed="08/04/2016 12:00"))
    assert live(vouchers, APRIL) == (1, 1)


def test_new_dates_of_a_code_reach_its_redemptions(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", expiry="01/02/2016 00:00"))
    vouchers.load(Transaction(1, "A1", time="08/04/2016 12:00"))
    vouchers.load(Code("A1", expiry="01/07/2016 00:00"))
    assert live(vouchers, APRIL) == (1, 1)
    vouchers.load(Code("A1", expiry="01/03/2016 00:00"))
    assert live(vouchers, APRIL) == (1, 1)
