"""The second choice of a comparison: read from a URL, written to one, and what it chooses."""

from datetime import date
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.comparison import (
    CHOICE,
    GOES_ON,
    NO_PERIOD,
    NO_REST,
    TOO_EARLY,
    WAYS,
    Comparison,
    days_before_data,
    have_same_length,
)
from queries.engine.totals import within_batches
from queries.filters import Filters
from tests.support.filters import any_filters
from tests.support.queries import filters_of

TODAY = date(2017, 12, 31)
comparisons = st.builds(Comparison, st.sampled_from([w for w in WAYS if w != CHOICE])) | st.builds(
    Comparison, st.just(CHOICE), any_filters
)


def read(url: str) -> tuple[Comparison | None, list[str]]:
    return Comparison.from_query(parse_qsl(url, keep_blank_values=True))


def second(url: str, compared: str) -> Filters | None:
    """The second choice for the filters of a URL."""
    comparison, problems = read(compared)
    assert comparison
    assert not problems
    return comparison.second(filters_of(url), TODAY).filters


@given(comparisons)
def test_a_comparison_survives_the_way_into_a_url_and_back(comparison: Comparison) -> None:
    assert read(urlencode(comparison.to_query())) == (comparison, [])


def test_without_a_parameter_nothing_is_compared() -> None:
    assert read("") == (None, [])


def test_a_second_choice_needs_no_word_beside_it() -> None:
    chosen = Comparison(CHOICE, Filters(group=("SMS",), site=("Site001",)))
    assert read("b.group=SMS&b.site=Site001") == (chosen, [])
    assert chosen.to_query() == [("b.group", "SMS"), ("b.site", "Site001")]


def test_a_second_choice_of_everything_says_so_by_its_word() -> None:
    assert read("compare=choice") == (Comparison(CHOICE), [])
    assert Comparison(CHOICE).to_query() == [("compare", "choice")]


def test_a_second_choice_takes_nothing_from_the_first() -> None:
    assert second("group=Email&from=2017-06-01", "b.group=SMS") == Filters(group=("SMS",))


@pytest.mark.parametrize(
    ("url", "way", "sentence"),
    [
        ("compare=later", None, "The filter compare takes before, year, rest, choice."),
        ("compare=rest&compare=year", None, "The filter compare takes one value, and was given 2."),
        ("b.from=soon", None, "Of the second choice: The filter from takes a date like"),
        ("b.group=SMS&compare=year", CHOICE, "A second choice is compared, not compare=year."),
    ],
)
def test_what_cannot_be_read_is_named(url: str, way: str | None, sentence: str) -> None:
    comparison, problems = read(url)
    assert (comparison and comparison.way) == way
    assert [problem.startswith(sentence) for problem in problems] == [True]


@pytest.mark.parametrize(
    ("url", "compared", "period"),
    [
        ("from=2017-06-01&to=2017-06-30", "compare=before", "from=2017-05-02&to=2017-05-31"),
        # Thursday to Friday, both times.
        ("from=2017-06-01&to=2017-06-30", "compare=year", "from=2016-06-02&to=2016-07-01"),
        ("from=2017-12-01", "compare=year", "from=2016-12-02&to=2017-01-01"),
        ("from=2017-12-25", "compare=before", "from=2017-12-18&to=2017-12-24"),
    ],
)
def test_an_earlier_period_has_the_same_length_and_filters(
    url: str, compared: str, period: str
) -> None:
    found = second(f"{url}&group=Email&site=Site001", compared)
    assert found == filters_of(f"{period}&group=Email&site=Site001")
    assert have_same_length(filters_of(url), found, TODAY, None)


def test_everything_else_of_everything_else_is_the_choice() -> None:
    email = filters_of("group=Email&from=2017-06-01")
    rest = second("group=Email&from=2017-06-01", "compare=rest")
    assert rest == filters_of("group=Email&from=2017-06-01&rest=yes")
    assert second("group=Email&from=2017-06-01&rest=yes", "compare=rest") == email


@pytest.mark.parametrize(
    ("url", "way", "reason"),
    [
        ("group=Email", "before", NO_PERIOD),
        ("to=2017-06-30", "year", NO_PERIOD),
        ("from=2017-12-01&to=2018-01-31", "before", GOES_ON),
        ("from=2017-12-01&to=2018-01-31", "year", GOES_ON),
        ("from=1900-06-01&to=1900-06-30", "year", TOO_EARLY),
        ("from=1900-01-02&to=1900-06-30", "before", TOO_EARLY),
        ("from=2017-12-01&asof=2017-12-31", "rest", NO_REST),
    ],
)
def test_where_no_comparison_can_be_made_a_sentence_says_why(
    url: str, way: str, reason: str
) -> None:
    found = Comparison(way).second(filters_of(url), TODAY)
    assert found == (None, reason)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("", "group=SMS", True),
        ("from=2017-06-01&to=2017-06-30", "group=SMS", False),
        ("from=2017-06-01&to=2017-06-30", "from=2016-02-01&to=2016-03-01", True),
        ("to=2017-06-30", "", False),
        ("from=2017-12-01", "from=2017-12-01&to=2018-05-01", True),  # both end with the data
    ],
)
def test_counts_compare_over_the_same_length_of_time(a: str, b: str, same: bool) -> None:
    assert have_same_length(filters_of(a), filters_of(b), TODAY, None) == same


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("group=Email&rest=yes", "Everything but Email"),
        ("group=Email&group=SMS&site=Site001&from=2017-06-01&to=2017-06-30&rest=yes",
         "Everything but Email and SMS, site Site001, 1–30 Jun 2017"),
        ("folder=May&rest=yes", "Everything but codes in May"),
        ("type=Item&rest=yes", "Everything but type Item"),
        ("site=Site001&cancelled=no&rest=yes",
         "Everything but site Site001, redemptions not cancelled"),
        ("rest=yes", "Nothing"),
    ],
)  # fmt: skip
def test_everything_else_in_words(url: str, words: str) -> None:
    assert filters_of(url).in_words() == words
    assert filters_of(url).chips()["rest"] == "everything else"


@pytest.mark.parametrize(
    ("url", "narrowed"),
    [
        ("group=Email&site=Site001&from=2017-06-01",
         "group=Email&site=Site001&from=2017-06-01&batch=7"),
        ("group=Email&site=Site001&from=2017-06-01&rest=yes",
         "site=Site001&from=2017-06-01&batch=7"),
        ("site=Site001&from=2017-06-01&rest=yes", "from=2017-06-01&batch=7"),
    ],
)  # fmt: skip
def test_a_click_on_a_part_of_everything_else_chooses_that_part_alone(
    url: str, narrowed: str
) -> None:
    assert filters_of(url).narrowed("batch", ("7",)) == filters_of(narrowed)


def test_no_batch_is_named_to_find_everything_else_sooner() -> None:
    rest = filters_of("group=Email&rest=yes")
    assert within_batches(rest, ["7"]) == rest
    assert within_batches(filters_of("group=Email"), ["7"]) == filters_of("group=Email&batch=7")


def test_days_that_are_not_in_the_data_make_a_period_shorter() -> None:
    quarter, before = (
        filters_of("from=2026-04-01&to=2026-06-30"),
        filters_of("from=2025-12-31&to=2026-03-31"),
    )
    begin = date(2026, 3, 2)
    assert have_same_length(quarter, before, date(2026, 7, 13), None)
    assert not have_same_length(quarter, before, date(2026, 7, 13), begin)
    assert days_before_data(before, begin) == 61  # 31 Dec to 1 Mar
    assert days_before_data(quarter, begin) == 0
    assert days_before_data(filters_of("from=2026-03-02"), begin) == 0
    assert days_before_data(filters_of("from=2026-02-01&to=2026-02-10"), begin) == 10
    assert days_before_data(filters_of("to=2026-02-10"), begin) == 0
    assert days_before_data(before, None) == 0
