"""The period of filters, and filters in words."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.filters import Filters
from queries.text import moment
from tests.support.filters import OF_TEXTS, any_filters
from tests.support.queries import filters_of

TODAY = date(2016, 2, 10)


def test_the_last_day_is_a_whole_day() -> None:
    week = Filters(from_=date(2016, 1, 10), to=date(2016, 1, 16))
    parameters = week.parameters(datetime(2016, 2, 10))
    assert parameters["from"] == datetime(2016, 1, 10)
    assert parameters["until"] == datetime(2016, 1, 17)


def test_a_status_is_evaluated_now_unless_a_date_is_chosen() -> None:
    now = datetime(2016, 2, 10, 15, 30)
    assert Filters().parameters(now)["asof"] == now
    assert Filters(asof=date(2016, 1, 1)).parameters(now)["asof"] == datetime(2016, 1, 1)


@pytest.mark.parametrize(
    ("first", "last", "first_before", "last_before"),
    [
        ("2016-01-10", "2016-01-16", "2016-01-03", "2016-01-09"),
        ("2016-01-10", "2016-01-10", "2016-01-09", "2016-01-09"),
        ("2016-03-01", "2016-03-31", "2016-01-30", "2016-02-29"),
        ("2016-01-01", "2016-12-31", "2014-12-31", "2015-12-31"),
    ],
)
def test_the_previous_period_is_as_long_and_ends_just_before(
    first: str, last: str, first_before: str, last_before: str
) -> None:
    now = filters_of(f"group=Email&from={first}&to={last}")
    before = filters_of(f"group=Email&from={first_before}&to={last_before}")
    assert now.previous(TODAY) == before


def test_a_period_without_an_end_lasts_until_today() -> None:
    assert filters_of("from=2016-02-04").previous(TODAY) == filters_of(
        "from=2016-01-28&to=2016-02-03"
    )


@pytest.mark.parametrize("url", ["", "group=Email", "to=2016-01-16", "asof=2016-01-16"])
def test_without_a_start_there_is_no_previous_period(url: str) -> None:
    assert filters_of(url).previous(TODAY) is None


@given(any_filters, st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(1, 5000))
def test_the_previous_period_always_ends_where_the_chosen_one_begins(
    filters: Filters, first: date, length: int
) -> None:
    filters = replace(filters, from_=first, to=first + timedelta(days=length - 1))
    before = replace(filters, from_=first - timedelta(days=length), to=first - timedelta(days=1))
    assert filters.previous(TODAY) == before


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "All codes"),
        ("group=Email", "Email"),
        ("group=Email&group=SMS", "Email and SMS"),
        ("group=A&group=B&group=C", "A, B and C"),
        ("folder=January+2016", "All codes in January 2016"),
        ("group=Email&batch=1042", "Email, batch 1042"),
        ("group=Email&group=SMS&folder=January+2016&from=2016-01-10&to=2016-01-16",
         "Email and SMS in January 2016, 10–16 Jan 2016"),
        ("prefix=JANE", "Codes that begin with JANE"),
        ("site=Site001", "All codes, site Site001"),
        ("campaign=C7&site=Site001&site=Site002",
         "All codes, campaign C7, site Site001, Site002"),
        ("status=cancelled&status=active", "All codes, status Cancelled only, Active"),
        ("cancelled=yes", "All codes, cancelled redemptions"),
        ("cancelled=no", "All codes, redemptions not cancelled"),
        ("from=2016-01-10", "All codes, since 10 Jan 2016"),
        ("to=2016-01-10", "All codes, until 10 Jan 2016"),
        ("from=2016-01-10&to=2016-01-10", "All codes, 10 Jan 2016"),
        ("from=2016-01-10&to=2016-02-09", "All codes, 10 Jan – 9 Feb 2016"),
        ("from=2015-12-10&to=2016-01-09", "All codes, 10 Dec 2015 – 9 Jan 2016"),
        ("asof=2016-02-10", "All codes, status as of 10 Feb 2016"),
        ("group=Email&prefix=JANE&prefix=MAY&batch=7",
         "Email, batch 7, codes that begin with JANE and MAY"),
        ("prefix=JANE&folder=May", "Codes that begin with JANE in May"),
        ("site!=Store367", "All codes, site not Store367"),
        ("group!=SMS&group!=Email&group!=Till", "All codes, group not SMS, Email or Till"),
        ("group=SMS&prefix!=JANE&status!=deleted",
         "SMS, prefix not JANE, status not Deleted"),
        ("site=Site001&site!=Site002", "All codes, site Site001, site not Site002"),
        ("expiry_from=2018-04-01&expiry_to=2018-04-30", "All codes, expires 1–30 Apr 2018"),
        ("expiry_to=2018-04-30", "All codes, expires until 30 Apr 2018"),
        ("start_from=2018-04-01", "All codes, starts from 1 Apr 2018"),
    ],
)  # fmt: skip
def test_filters_are_described_in_words(url: str, words: str) -> None:
    assert filters_of(url).in_words() == words


def test_a_moment_is_written_as_a_day_and_a_time() -> None:
    assert moment(datetime(2017, 12, 31, 21, 57)) == "31 Dec 2017, 21:57"
    assert moment(datetime(2016, 1, 2)) == "2 Jan 2016, 00:00"


@pytest.mark.parametrize("name", ["group", "folder", "batch", "prefix", "site", "item", "campaign"])
def test_a_heading_names_some_values_of_any_filter_and_counts_the_others(name: str) -> None:
    filters = Filters().with_(name, tuple(f"<{number}>" for number in range(400)))
    words = filters.in_words(6)
    assert "<5>" in words
    assert "<6>" not in words
    assert "394 others" in words


@given(any_filters)
def test_the_words_leave_no_value_out(filters: Filters) -> None:
    words = filters.in_words()
    for name in OF_TEXTS:
        assert all(value in words for value in filters.texts(name))


def test_each_filter_has_a_chip_and_a_period_has_one() -> None:
    url = (
        "group=Email&group=SMS&cancelled=yes&status=deleted&from=2016-01-10&to=2016-01-16"
        "&group!=Till&site!=Site001&site!=Site002&start_to=2016-02-01"
    )
    assert filters_of(url).chips() == {
        "group": "Email, SMS",
        "group!": "not Till",
        "site!": "not Site001 or Site002",
        "status": "Deleted",
        "cancelled": "cancelled redemptions",
        "from": "10–16 Jan 2016",
        "start_from": "starts until 1 Feb 2016",
    }
    assert Filters().chips() == {}
    assert filters_of("asof=2016-02-10").chips() == {"asof": "status as of 10 Feb 2016"}


@given(any_filters)
def test_taking_away_every_chip_leaves_no_filter(filters: Filters) -> None:
    left = filters
    for name in filters.chips():
        left = left.without(name)
    assert left == Filters()


def test_one_filter_is_changed_and_the_others_stay() -> None:
    filters = filters_of("group=Email&from=2016-01-10")
    assert filters.with_("from", None) == filters_of("group=Email")
    assert filters.with_("group", ("SMS",)) == filters_of("group=SMS&from=2016-01-10")
