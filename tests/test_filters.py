"""Filters come from a URL, go back into one, and say themselves in words."""

from dataclasses import FrozenInstanceError, replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.filters import Filters

PARAMETERS = [
    *("folder", "group", "prefix", "batch", "type", "item", "campaign", "site"),
    *("cancelled", "status", "from", "to", "asof"),
]
OF_TEXTS = PARAMETERS[:8]
DATES = ("from", "to", "asof")
STATUSES = ["active", "redeemed", "cancelled", "expired", "scheduled", "deleted"]
TODAY = date(2016, 2, 10)

texts = st.none() | st.lists(
    st.text(min_size=1) | st.sampled_from(["a&b", "c=d", '"e"', "f+g", "%41", "#", " ", "é", "🍺"]),
    min_size=1,
    unique=True,
).map(tuple)
days = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31))
any_filters = st.builds(
    Filters,
    **dict.fromkeys(OF_TEXTS, texts),
    status=st.none() | st.lists(st.sampled_from(STATUSES), min_size=1, unique=True).map(tuple),
    cancelled=st.none() | st.booleans(),
    from_=days,
    to=days,
    asof=days,
)


def read(url: str) -> tuple[Filters, list[str]]:
    """What the query of a URL says, and what could not be read."""
    return Filters.from_query(parse_qsl(url, keep_blank_values=True))


def filters_of(url: str) -> Filters:
    filters, problems = read(url)
    assert problems == []
    return filters


# From and to the URL.


@given(any_filters)
def test_filters_survive_the_way_into_a_url_and_back(filters: Filters) -> None:
    assert filters_of(urlencode(filters.to_query())) == filters


def test_every_documented_parameter_has_a_place() -> None:
    url = (
        "folder=January+2016&group=Email&group=SMS&prefix=JANE&batch=1042&type=Item"
        "&item=10000056168&campaign=C7&site=Site001&cancelled=no&status=active&status=expired"
        "&from=2016-01-10&to=2016-01-16&asof=2016-02-10"
    )
    assert filters_of(url) == Filters(
        folder=("January 2016",),
        group=("Email", "SMS"),
        prefix=("JANE",),
        batch=("1042",),
        type=("Item",),
        item=("10000056168",),
        campaign=("C7",),
        site=("Site001",),
        cancelled=False,
        status=("active", "expired"),
        from_=date(2016, 1, 10),
        to=date(2016, 1, 16),
        asof=date(2016, 2, 10),
    )
    assert sorted(filters_of(url).to_query()) == sorted(parse_qsl(url))


def test_no_filter_is_an_empty_url() -> None:
    assert Filters().to_query() == []
    assert filters_of("") == Filters()


@pytest.mark.parametrize("name", OF_TEXTS)
def test_a_value_that_nothing_has_is_kept(name: str) -> None:
    assert filters_of(f"{name}=nobody").to_query() == [(name, "nobody")]


def test_a_value_keeps_its_zeros_its_case_and_its_spaces() -> None:
    assert filters_of("batch=007&batch=7&group=+Email&group=email").to_query() == [
        ("group", " Email"),
        ("group", "email"),
        ("batch", "007"),
        ("batch", "7"),
    ]


def test_a_value_said_twice_is_one_value() -> None:
    assert filters_of("group=Email&group=SMS&group=Email").group == ("Email", "SMS")


def test_yes_and_no_are_the_words_for_cancelled() -> None:
    assert filters_of("cancelled=yes") == Filters(cancelled=True)
    assert filters_of("cancelled=no") == Filters(cancelled=False)
    assert Filters(cancelled=False).to_query() == [("cancelled", "no")]


def test_filters_cannot_be_changed_by_whoever_holds_them() -> None:
    with pytest.raises(FrozenInstanceError):
        Filters().group = ("Email",)  # type: ignore[misc]


def test_the_same_choice_is_the_same_key_of_a_cache() -> None:
    url = "group=Email&from=2016-01-10"
    assert hash(filters_of(url)) == hash(filters_of(url))
    assert repr(filters_of(url)) != repr(filters_of("group=Email"))


# What cannot be read.


@pytest.mark.parametrize("name", DATES)
@pytest.mark.parametrize(
    "value",
    [
        *("yesterday", "2016-13-01", "2016-02-30", "01/02/2016", "2016-2-1", "20160201"),
        *("2016-W05-1", "2016-02-01T00:00", " 2016-02-01", "0000-00-00", "٢٠١٦-٠٢-٠١", "-"),
    ],
)
def test_a_date_that_is_none_is_named_and_ignored_and_not_quoted(name: str, value: str) -> None:
    filters, problems = read(urlencode({name: value, "group": "Email"}))
    assert filters == Filters(group=("Email",))
    (problem,) = problems
    assert f" {name} " in problem
    assert value.strip() not in problem.replace("2026-11-23", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [("cancelled", "maybe"), ("cancelled", "Yes "), ("cancelled", "1"), ("status", "burnt")],
)
def test_a_word_that_the_filter_does_not_take_is_named_and_ignored(name: str, value: str) -> None:
    filters, problems = read(urlencode({name: value, "site": "Site001"}))
    assert filters == Filters(site=("Site001",))
    (problem,) = problems
    assert f" {name} " in problem
    assert value not in problem


def test_a_parameter_that_there_is_not_is_named_and_ignored() -> None:
    filters, problems = read("grop=Email&group=SMS")
    assert filters == Filters(group=("SMS",))
    (problem,) = problems
    assert "grop" in problem
    assert "group" in problem


@pytest.mark.parametrize("name", [*DATES, "cancelled"])
def test_a_parameter_of_one_value_that_is_given_two_is_named_and_ignored(name: str) -> None:
    values = ("yes", "no") if name == "cancelled" else ("2016-01-10", "2016-01-11")
    filters, problems = read(urlencode([(name, value) for value in values]))
    assert filters == Filters()
    (problem,) = problems
    assert f" {name} " in problem


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_without_a_value_is_named_and_ignored(name: str) -> None:
    filters, problems = read(f"{name}=")
    assert filters == Filters()
    (problem,) = problems
    assert f" {name} " in problem


def test_each_problem_is_a_sentence_of_its_own() -> None:
    filters, problems = read("from=soon&to=later&cancelled=perhaps&group=Email")
    assert filters == Filters(group=("Email",))
    assert len(problems) == 3
    assert all(problem[0].isupper() and problem.endswith(".") for problem in problems)


@given(st.lists(st.tuples(st.sampled_from(PARAMETERS) | st.text(), st.text()), max_size=8))
def test_any_url_at_all_is_read_or_its_problems_are_said(pairs: list[tuple[str, str]]) -> None:
    filters, problems = Filters.from_query(pairs)
    assert filters_of(urlencode(filters.to_query())) == filters
    assert all(problem.endswith(".") for problem in problems)
    filters.bound(datetime(2016, 2, 10))
    assert filters.in_words()


@given(st.sampled_from([*DATES, "cancelled", "status", "ACODE1"]), st.text())
def test_a_problem_never_quotes_what_may_be_a_code(name: str, around: str) -> None:
    _, problems = Filters.from_query([(name, f"{around}ACODE1{around}")])
    assert len(problems) == 1
    assert "ACODE1" not in problems[0]


# The period.


def test_the_last_day_is_a_whole_day() -> None:
    bound = Filters(from_=date(2016, 1, 10), to=date(2016, 1, 16)).bound(datetime(2016, 2, 10))
    assert bound["from"] == datetime(2016, 1, 10)
    assert bound["until"] == datetime(2016, 1, 17)


def test_a_status_is_judged_now_unless_a_date_is_chosen() -> None:
    now = datetime(2016, 2, 10, 15, 30)
    assert Filters().bound(now)["asof"] == now
    assert Filters(asof=date(2016, 1, 1)).bound(now)["asof"] == datetime(2016, 1, 1)


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
def test_without_a_beginning_there_is_no_previous_period(url: str) -> None:
    assert filters_of(url).previous(TODAY) is None


@given(any_filters, st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(1, 5000))
def test_the_previous_period_always_meets_the_present_one(
    filters: Filters, first: date, length: int
) -> None:
    filters = replace(filters, from_=first, to=first + timedelta(days=length - 1))
    before = replace(filters, from_=first - timedelta(days=length), to=first - timedelta(days=1))
    assert filters.previous(TODAY) == before


# In words.


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
         "Email and SMS in January 2016, 10–16 January 2016"),
        ("prefix=JANE", "All codes, codes that begin with JANE"),
        ("site=Site001", "All codes, site Site001"),
        ("campaign=C7&site=Site001&site=Site002",
         "All codes, campaign C7, site Site001, Site002"),
        ("status=cancelled&status=active", "All codes, status Cancelled only, Active"),
        ("cancelled=yes", "All codes, cancelled only"),
        ("cancelled=no", "All codes, without cancelled"),
        ("from=2016-01-10", "All codes, since 10 January 2016"),
        ("to=2016-01-10", "All codes, until 10 January 2016"),
        ("from=2016-01-10&to=2016-01-10", "All codes, 10 January 2016"),
        ("from=2016-01-10&to=2016-02-09", "All codes, 10 January – 9 February 2016"),
        ("from=2015-12-10&to=2016-01-09", "All codes, 10 December 2015 – 9 January 2016"),
        ("asof=2016-02-10", "All codes, status as of 10 February 2016"),
    ],
)  # fmt: skip
def test_filters_say_themselves_in_words(url: str, words: str) -> None:
    assert filters_of(url).in_words() == words


@given(any_filters)
def test_the_words_leave_no_value_out(filters: Filters) -> None:
    words = filters.in_words()
    for name in OF_TEXTS:
        assert all(value in words for value in filters.texts(name))


def test_each_filter_has_a_chip_and_a_period_has_one() -> None:
    url = "group=Email&group=SMS&cancelled=yes&status=deleted&from=2016-01-10&to=2016-01-16"
    assert filters_of(url).chips() == {
        "group": "Email, SMS",
        "status": "Deleted",
        "cancelled": "cancelled only",
        "from": "10–16 January 2016",
    }
    assert Filters().chips() == {}
    assert filters_of("asof=2016-02-10").chips() == {"asof": "status as of 10 February 2016"}


@given(any_filters)
def test_taking_away_every_chip_leaves_no_filter(filters: Filters) -> None:
    left = filters
    for name in filters.chips():
        left = left.with_(name, None)
    assert replace(left, to=None) == Filters()


def test_one_filter_is_changed_and_the_others_stay() -> None:
    filters = filters_of("group=Email&from=2016-01-10")
    assert filters.with_("from", None) == filters_of("group=Email")
    assert filters.with_("group", ("SMS",)) == filters_of("group=SMS&from=2016-01-10")
