"""Redemptions by group, batch and site, and against the previous period."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from tests.support.queries import NOW, filters_of
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers, agreed_numbers


def test_uptake_shows_the_rate_of_each_group_with_its_codes_and_redemptions(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1"), Code("A2"), Code("A3"), Code("A4"), folder="May")
    vouchers.load(Code("TIMES20", "Newspaper"), Code("S1", "SMS"), folder="May")
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A2", time="10/01/2016 12:00", cancelled="Yes"),
        Transaction("T3", "TIMES20", "Newspaper", time="10/01/2016 12:00"),
        Transaction("T4", "TIMES20", "Newspaper", time="11/01/2016 12:00"),
        Transaction("T5", "LOST", "Till receipt", time="11/01/2016 12:00"),
        folder="May",
    )
    columns = ("group_name", "codes_issued", "redeemed_codes", "redemption_rate", "net")
    bars = vouchers.query("uptake_by_group", "folder=May")
    assert [tuple(bar[column] for column in columns) for bar in bars] == [
        ("Newspaper", 1, 1, 1.0, 2),
        ("Email", 4, 1, 0.25, 1),
        ("SMS", 1, 0, 0.0, 0),
        ("Till receipt", 0, 0, None, 1),
    ]


def test_a_batch_that_nobody_redeemed_has_a_rate_of_zero(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), batch="1")
    vouchers.load(Code("A2"), batch="2")
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 12:00"))
    batches = vouchers.query("batches", offset=0, most=50)
    assert [(row["batch"], row["redeemed_codes"], row["redemption_rate"]) for row in batches] == [
        ("2", 0, 0.0),
        ("1", 1, 1.0),
    ]


def test_a_batch_is_running_until_its_last_code_had_expired_when_the_data_end(
    vouchers: Vouchers,
) -> None:
    expiries = {"1": "01/02/2016 00:00", "2": "01/02/2016 00:01", "3": ""}
    for batch, expiry in expiries.items():
        vouchers.load(Code(f"A{batch}", expiry="01/01/2016 00:00"), batch=batch)
        vouchers.load(Code(f"B{batch}", expiry=expiry), batch=batch)
    until = datetime(2016, 2, 1)
    for query in ("", "asof=2016-01-10", "asof=2017-01-01"):
        batches = vouchers.query("batches", query, until, offset=0, most=50)
        states = {row["batch"]: row["state"] for row in batches}
        assert states == {"1": "final", "2": "running", "3": "running"}


def test_a_batch_is_as_old_as_its_first_code(vouchers: Vouchers) -> None:
    for batch, start in {"1": "29/01/2016 12:00", "2": "29/01/2016 12:01", "3": ""}.items():
        vouchers.load(Code(f"A{batch}", start=start), batch=batch)
    vouchers.load(Code("B1", start="31/01/2016 12:00"), batch="1")
    batches = vouchers.query("batches", "", datetime(2016, 2, 1, 12), offset=0, most=50)
    assert {row["batch"]: row["age_days"] for row in batches} == {"1": 3, "2": 2, "3": None}


def test_the_curves_of_all_batches_have_one_span_and_one_scale(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"), Code("A3"), batch="1")
    vouchers.load(Code("B1"), batch="2")
    vouchers.load(
        Transaction("T1", "A1", time="01/01/2016 12:00"),
        Transaction("T2", "A2", time="01/01/2016 13:00"),
        Transaction("T3", "A3", time="12/01/2016 23:00", cancelled="Yes"),
        Transaction("T4", "B1", time="12/01/2016 23:00"),
    )
    rows = vouchers.query("batches", "", datetime(2016, 1, 12, 23, 30), offset=0, most=50)
    curves = {row["batch"]: row for row in rows}
    assert list(curves["1"]["curve"]) == [2, *[0] * 11]
    assert list(curves["2"]["curve"]) == [*[0] * 11, 1]
    for row in curves.values():
        assert (row["curve_from"], row["curve_to"]) == (datetime(2016, 1, 1), datetime(2016, 1, 13))
        assert row["curve_most"] == 2


def test_the_curves_of_batches_are_those_of_the_chosen_period(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), batch="1")
    vouchers.load(Transaction("T1", "A1", time="24/01/2016 12:00"))
    (row,) = vouchers.query("batches", "from=2016-01-01&to=2016-01-24", offset=0, most=50)
    assert (row["curve_from"], row["curve_to"]) == (datetime(2016, 1, 1), datetime(2016, 1, 25))
    assert list(row["curve"]) == [*[0] * 11, 1]


def test_a_site_shows_its_share_and_its_cancellation_rate_with_the_count(
    vouchers: Vouchers,
) -> None:
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00", site="Site001"),
        Transaction("T2", "A1", time="10/01/2016 12:00", site="Site001"),
        Transaction("T3", "A1", time="10/01/2016 12:00", site="Site001"),
        Transaction("T4", "A1", time="10/01/2016 12:00", site="Site001", cancelled="Yes"),
        Transaction("T5", "A1", time="10/01/2016 12:00", site=""),
        Transaction("T6", "A1", time="10/01/2016 12:00", site="Site002", cancelled="Yes"),
    )
    columns = ("site", "net", "share", "cancelled", "redemptions", "cancellation_rate")
    assert [tuple(bar[column] for column in columns) for bar in vouchers.query("by_site")] == [
        ("Site001", 3, 0.75, 1, 4, 0.25),
        ("Site002", 0, 0.0, 1, 1, 1.0),
        ("(no site)", 1, 0.25, 0, 1, 0.0),
    ]


def test_redemptions_known_only_from_the_codes_file_are_counted_beside_the_sites(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*(Code(f"A{n}", redeemed="10/01/2016 12:00") for n in range(3)))
    vouchers.load(
        Transaction("T1", "B1", time="10/01/2016 12:00", site=""),
        Transaction("T2", "B1", time="10/01/2016 12:00", site="Site001", cancelled="Yes"),
    )
    for query in ("", "from=2016-01-10"):  # from the totals, and from the rows
        columns = ("site", "net", "share", "redemptions", "from_codes_file")
        bars = vouchers.query("by_site", query)
        assert [tuple(bar[column] for column in columns) for bar in bars] == [
            ("Site001", 0, 0.0, 1, False),
            ("(no site)", 1, 1.0, 1, False),
            (None, 3, None, 3, True),
        ]
        bars = vouchers.query("cancellations", query, by="site")
        assert [(bar["name"], bar["redemptions"]) for bar in bars] == [
            ("Site001", 1), ("(no site)", 1), (None, 3)
        ]  # fmt: skip
    vouchers.expect("site=(no site)", redemptions=4)


def test_redemptions_known_only_from_the_codes_file_have_a_group(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", redeemed="10/01/2016 12:00"))
    bars = vouchers.query("cancellations", by="group")
    assert [(bar["name"], bar["redemptions"]) for bar in bars] == [("Email", 1)]


def test_what_has_no_name_comes_after_all_names(vouchers: Vouchers) -> None:
    vouchers.load(
        *(Transaction(f"T{n}", "A1", "", time="10/01/2016 12:00", site="", cancelled="Yes")
          for n in range(3)),
        Transaction("T9", "A1", time="10/01/2016 12:00", site="Site001", campaign="C1"),
    )  # fmt: skip
    for by, names in (
        ("site", ["Site001", "(no site)"]),
        ("group", ["Email", "(no group)"]),
        ("campaign", ["C1", "(no campaign)"]),
    ):
        assert [bar["name"] for bar in vouchers.query("cancellations", by=by)] == names


def test_the_cancellation_rate_of_a_name_has_its_interval(vouchers: Vouchers) -> None:
    vouchers.load(
        *(Transaction(f"T{n}", "A1", time="10/01/2016 12:00", cancelled="Yes" if n < 5 else "No")
          for n in range(10)),
    )  # fmt: skip
    for bar in (*vouchers.query("cancellations", by="group"),
                *vouchers.query("over_time", grain="day")):  # fmt: skip
        assert bar["low"] == pytest.approx(0.2366, abs=5e-5)
        assert bar["high"] == pytest.approx(0.7634, abs=5e-5)


@pytest.mark.parametrize("what", ["group", "site", "campaign"])
def test_cancellations_add_up_to_the_tiles_and_show_their_rate(
    fixture_vouchers: Vouchers, what: str
) -> None:
    for query in ("", "folder=January 2016", "cancelled=yes", "group=nobody"):
        (tiles,) = fixture_vouchers.query("numbers", query)
        bars = fixture_vouchers.query("cancellations", query, by=what)
        for column in ("cancelled", "redemptions"):
            assert sum(bar[column] for bar in bars) == tiles[column], query
        for bar in bars:
            assert bar["cancellation_rate"] == bar["cancelled"] / bar["redemptions"]


def test_the_previous_period_is_as_long_and_ends_just_before(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(
        Transaction("T1", "A1", time="02/01/2016 23:59"),
        Transaction("T2", "A1", time="03/01/2016 00:00"),
        Transaction("T3", "A2", time="09/01/2016 23:59", cancelled="Yes"),
        Transaction("T4", "A2", time="10/01/2016 00:00"),
    )
    week = filters_of("from=2016-01-10&to=2016-01-16&group=Email")
    before = week.previous(date(2016, 6, 1))
    assert before is not None
    with vouchers.store.cursor() as cursor:
        numbers = agreed_numbers(cursor, before, NOW)
    assert (numbers["net"], numbers["cancelled"], numbers["codes_issued"]) == (1, 1, 2)


def drill_downs(vouchers: Vouchers) -> Iterator[tuple[str, int]]:
    """Each bar of some charts as the filter that a click on it sets, and its height."""
    for bar in vouchers.query("by_site"):
        assert not bar["from_codes_file"]
        yield f"site={bar['site']}", bar["redemptions"]
    for bar in vouchers.query("cancellations", by="campaign"):
        yield f"campaign={bar['name']}", bar["redemptions"]
    for bar in vouchers.query("over_time", grain="day"):
        day = f"{bar['period']:%Y-%m-%d}"
        yield f"from={day}&to={day}", bar["net"] + bar["cancelled"]
    for bar in vouchers.query("cancellations", by="group"):
        yield f"group={bar['name']}", bar["redemptions"]


@pytest.mark.slow
def test_the_rows_behind_a_bar_are_as_many_as_the_bar_is_high(fixture_vouchers: Vouchers) -> None:
    for query, height in drill_downs(fixture_vouchers):
        rows = fixture_vouchers.query(
            "transactions_rows", query, sort="time", descending=True, offset=0, of=50
        )
        assert len(rows) == height, query


def test_the_steps_of_a_tiles_curve_add_up_to_its_number(fixture_vouchers: Vouchers) -> None:
    for query in ("", "folder=January 2016", "from=2016-01-09&to=2016-01-17", "cancelled=yes"):
        (tiles,) = fixture_vouchers.query("numbers", query)
        steps = fixture_vouchers.query("trend", query)
        assert [step["step"] for step in steps] == list(range(1, len(steps) + 1))
        assert 1 <= len(steps) <= 24
        for column in ("net", "cancelled"):
            assert sum(step[column] for step in steps) == tiles[column], (query, column)
        for step, following in pairwise(steps):
            assert step["last"].date() + timedelta(days=1) == following["first"].date()


def test_a_batch_is_rated_in_a_period_over_its_codes_that_were_live(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", expiry="01/02/2016 00:00"), Code("A2"), Code("A3"), batch="1")
    vouchers.load(Transaction(1, "A2", time="08/04/2016 12:00"))
    (row,) = vouchers.query("batches", "from=2016-04-01&to=2016-04-30", offset=0, most=9)
    assert (row["codes"], row["codes_live"], row["redemption_rate"]) == (3, 2, 0.5)
