"""One range of dates for files and filters."""

from datetime import date, datetime

import pandas as pd
import pytest

from data.store.database import Store
from pages.charts.period_controls import last_day
from queries.fields import FIRST_DAY, LAST_DAY
from queries.filters import Filters
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(1, 1, 1), False),
        (date(1899, 12, 31), False),
        (FIRST_DAY, True),
        (date(1900, 1, 1), True),
        (date(1999, 12, 31), True),
        (date(2105, 12, 31), True),
        (date(9998, 12, 31), True),
        (LAST_DAY, True),
    ],
)
def test_a_day_that_a_file_may_bring_is_one_that_a_filter_can_choose(
    store: Store, day: date, fits: bool
) -> None:
    text = f"{day.day:02}/{day.month:02}/{day.year:04}"
    with store.cursor() as cursor:
        for time in ("00:00", "23:59:59"):
            ((stamp,),) = cursor.execute("select stamp(?)", [f"{text} {time}"]).fetchall()
            assert (stamp is not None) == fits
    for name in ("from", "to", "asof"):
        filters, problems = Filters.from_query([(name, day.isoformat())])
        assert (problems == []) == fits
        if fits:
            filters.parameters(datetime(2016, 2, 10))


@pytest.mark.slow
def test_a_redemption_of_a_late_year_is_counted_and_chosen(vouchers: Vouchers) -> None:
    vouchers.load(Code("Y1", expiry="31/12/9999 23:59"))
    vouchers.load(
        Transaction(1, "Y1", time="31/12/2105 12:00"), Transaction(2, "Y1", time="31/12/9999 23:59")
    )
    vouchers.expect("", net=2)
    vouchers.expect("from=2105-12-31&to=2105-12-31", net=1)
    vouchers.expect("from=9999-12-31&to=9999-12-31", net=1)
    vouchers.expect("to=9999-12-31", net=2)
    for grain in ("day", "week", "month"):
        assert sum(net for net, _ in vouchers.bars(grain, "from=2105-12-31").values()) == 2


def test_empty_periods_are_left_out_where_there_would_be_more_than_anybody_reads(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("Y1"))
    vouchers.load(Transaction(1, "Y1", time="31/12/2105 12:00"))
    assert vouchers.bars("hour", "from=1900-01-01&to=9999-12-31") == {
        datetime(2105, 12, 31, 12): (1, 0)
    }
    assert len(vouchers.bars("hour", "from=2105-12-01&to=2105-12-31")) == 31 * 24


@pytest.mark.parametrize(
    ("first", "grain", "last"),
    [
        ("9999-12-27", "week", LAST_DAY),
        ("9999-12-01", "month", LAST_DAY),
        ("9999-01-01", "year", LAST_DAY),
        ("9999-12-20", "week", date(9999, 12, 26)),
        ("2105-12-01", "month", date(2105, 12, 31)),
    ],
)
def test_a_clicked_bar_is_a_period_that_the_filter_takes(
    first: str, grain: str, last: date
) -> None:
    end = last_day(pd.Timestamp(first), grain).date()
    assert end == last
    assert Filters.from_query([("from", first), ("to", end.isoformat())])[1] == []


def test_a_period_has_none_before_it_where_that_would_begin_before_all_dates() -> None:
    everything = Filters(from_=FIRST_DAY, to=LAST_DAY)
    assert everything.previous(date(2016, 2, 10)) is None
    assert Filters(from_=date(2016, 1, 2), to=date(2016, 1, 2)).previous(date(2016, 2, 10))
