"""Redemptions by hour, day, week and month."""

from datetime import datetime

import pytest

from queries.filters import Filters
from tests.support.queries import NOW, filters_of
from tests.support.rows import Transaction
from tests.support.vouchers import Vouchers, agreed_numbers


def test_days_without_redemptions_are_drawn_as_zero(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A1", time="13/01/2016 12:00"),
    )
    assert list(vouchers.bars("day").items()) == [
        (datetime(2016, 1, 10), (1, 0)),
        (datetime(2016, 1, 11), (0, 0)),
        (datetime(2016, 1, 12), (0, 0)),
        (datetime(2016, 1, 13), (1, 0)),
    ]


def test_a_chosen_period_is_drawn_from_its_first_to_its_last_day(vouchers: Vouchers) -> None:
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 12:00"))
    bars = vouchers.bars("day", "from=2016-01-08&to=2016-01-11")
    assert list(bars) == [datetime(2016, 1, day) for day in (8, 9, 10, 11)]
    assert list(bars.values()) == [(0, 0), (0, 0), (1, 0), (0, 0)]


def test_a_chosen_period_without_redemptions_is_drawn_as_zeros(vouchers: Vouchers) -> None:
    assert list(vouchers.bars("day", "from=2016-02-28&to=2016-03-01").items()) == [
        (datetime(2016, 2, 28), (0, 0)),
        (datetime(2016, 2, 29), (0, 0)),
        (datetime(2016, 3, 1), (0, 0)),
    ]


@pytest.mark.parametrize("grain", ["hour", "day", "week", "month"])
def test_whatever_the_grain_the_bars_add_up_to_the_tiles(
    fixture_vouchers: Vouchers, grain: str
) -> None:
    with fixture_vouchers.store.cursor() as cursor:
        agreed_numbers(cursor, Filters(), NOW, grain)
        agreed_numbers(cursor, filters_of("from=2016-01-10&to=2016-01-16"), NOW, grain)


def test_no_redemptions_and_no_period_draw_nothing(vouchers: Vouchers) -> None:
    assert vouchers.bars("day") == {}


def test_weeks_begin_on_monday(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 23:59"),
        Transaction("T2", "A1", time="11/01/2016 00:00"),
        Transaction("T3", "A1", time="17/01/2016 23:59", cancelled="Yes"),
    )
    assert vouchers.bars("week") == {datetime(2016, 1, 4): (1, 0), datetime(2016, 1, 11): (1, 1)}


def test_months_and_hours_are_those_of_the_wall_clock(vouchers: Vouchers) -> None:
    # 02:30 on 27 March 2016 does not exist in London; here it is just a time.
    vouchers.load(
        Transaction("T1", "A1", time="31/01/2016 23:59"),
        Transaction("T2", "A1", time="27/03/2016 02:30"),
    )
    assert vouchers.bars("month") == {
        datetime(2016, 1, 1): (1, 0),
        datetime(2016, 2, 1): (0, 0),
        datetime(2016, 3, 1): (1, 0),
    }
    hours = vouchers.bars("hour", "from=2016-03-27&to=2016-03-27")
    assert list(hours) == [datetime(2016, 3, 27, hour) for hour in range(24)]
    assert hours[datetime(2016, 3, 27, 2)] == (1, 0)


def whole_periods(vouchers: Vouchers, grain: str, query: str, now: datetime = NOW) -> list[bool]:
    return [row["whole"] for row in vouchers.query("over_time", query, now, grain=grain)]


def test_the_first_and_last_week_are_marked_where_they_are_not_whole(vouchers: Vouchers) -> None:
    vouchers.load(Transaction("T1", "A1", time="13/01/2016 12:00"))
    wednesday_to_tuesday = "from=2016-01-06&to=2016-01-19"
    assert whole_periods(vouchers, "week", wednesday_to_tuesday) == [False, True, False]
    assert whole_periods(vouchers, "week", "from=2016-01-04&to=2016-01-24") == [True, True, True]
    assert whole_periods(vouchers, "month", wednesday_to_tuesday) == [False]
    assert whole_periods(vouchers, "day", wednesday_to_tuesday) == [True] * 14


def test_the_present_day_is_not_whole_before_it_is_over(vouchers: Vouchers) -> None:
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 09:00"))
    period = "from=2016-01-09&to=2016-01-10"
    assert whole_periods(vouchers, "day", period, datetime(2016, 1, 10, 12)) == [True, False]
    assert whole_periods(vouchers, "day", period, datetime(2016, 1, 11)) == [True, True]
    assert whole_periods(vouchers, "month", "", datetime(2016, 1, 10, 12)) == [False]


def test_the_cancellation_rate_of_a_period_without_redemptions_is_blank(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A1", time="10/01/2016 12:00", cancelled="Yes"),
        Transaction("T3", "A1", time="12/01/2016 12:00"),
    )
    rates = [row["cancellation_rate"] for row in vouchers.query("over_time", grain="day")]
    assert rates == [0.5, None, 0]


def test_monday_is_the_first_day_of_the_week_and_midnight_the_hour_0(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction("T1", "A1", time="11/01/2016 00:30"),
        Transaction("T2", "A1", time="18/01/2016 00:59", cancelled="Yes"),
        Transaction("T3", "A1", time="17/01/2016 23:00"),
    )
    cells = [tuple(row.values()) for row in vouchers.query("weekday_hour")]
    assert cells == [(1, 0, 1, 1), (7, 23, 1, 0)]
