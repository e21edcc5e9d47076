"""Filters are read from a URL and written to one."""

from dataclasses import FrozenInstanceError
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.filters import Filters
from queries.listed import Listed
from tests.support.filters import DATES, OF_TEXTS, PARAMETERS, any_filters
from tests.support.queries import filters_of


def read(url: str) -> tuple[Filters, list[str]]:
    """What the query of a URL says, and what could not be read."""
    return Filters.from_query(parse_qsl(url, keep_blank_values=True))


@given(any_filters)
def test_filters_survive_the_way_into_a_url_and_back(filters: Filters) -> None:
    assert filters_of(urlencode(filters.to_query())) == filters


def test_every_documented_parameter_is_read_into_its_field() -> None:
    url = (
        "folder=January+2016&group=Email&group=SMS&prefix=JANE&batch=1042&type=Item"
        "&item=10000056168&campaign=C7&site=Site001&cancelled=no&status=active&status=expired"
        "&from=2016-01-10&to=2016-01-16&asof=2016-02-10&site!=Site002&site!=Site003"
        "&status!=deleted&start_from=2015-12-01&start_to=2015-12-31&expiry_from=2016-02-01"
        "&expiry_to=2016-02-29&rest=yes"
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
        start_from=date(2015, 12, 1),
        start_to=date(2015, 12, 31),
        expiry_from=date(2016, 2, 1),
        expiry_to=date(2016, 2, 29),
        asof=date(2016, 2, 10),
        rest=True,
        excluded=(("site!", ("Site002", "Site003")), ("status!", ("deleted",))),
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


def test_a_value_given_twice_is_one_value() -> None:
    assert filters_of("group=Email&group=SMS&group=Email").group == ("Email", "SMS")


@pytest.mark.parametrize("name", ["from!", "cancelled!", "asof!", "site!!", "!"])
def test_only_a_filter_of_texts_can_exclude(name: str) -> None:
    filters, problems = read(urlencode({name: "2016-01-10", "site!": "Site001"}))
    assert filters == filters_of("site!=Site001")
    assert len(problems) == 1


def test_what_is_excluded_is_the_same_in_any_order_and_nothing_is_no_filter() -> None:
    assert filters_of("site!=A&group!=B") == filters_of("group!=B&site!=A")
    assert filters_of("site!=A").with_("site!", ()) == Filters()


def test_yes_and_no_are_the_words_for_cancelled() -> None:
    assert filters_of("cancelled=yes") == Filters(cancelled=True)
    assert filters_of("cancelled=no") == Filters(cancelled=False)
    assert Filters(cancelled=False).to_query() == [("cancelled", "no")]


def test_filters_are_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        Filters().group = ("Email",)  # type: ignore[misc]


def test_equal_filters_are_the_same_cache_key() -> None:
    url = "group=Email&from=2016-01-10"
    assert hash(filters_of(url)) == hash(filters_of(url))
    assert repr(filters_of(url)) != repr(filters_of("group=Email"))


@pytest.mark.parametrize("name", DATES)
@pytest.mark.parametrize(
    "value",
    [
        *("yesterday", "2016-13-01", "2016-02-30", "01/02/2016", "2016-2-1", "20160201"),
        *("2016-W05-1", "2016-02-01T00:00", " 2016-02-01", "0000-00-00", "٢٠١٦-٠٢-٠١", "-"),
    ],
)
def test_an_invalid_date_is_named_and_ignored_and_not_quoted(name: str, value: str) -> None:
    filters, problems = read(urlencode({name: value, "group": "Email"}))
    assert filters == Filters(group=("Email",))
    (problem,) = problems
    assert f" {name} " in problem
    assert value.strip() not in problem.replace("2026-11-23", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cancelled", "maybe"),
        ("cancelled", "Yes "),
        ("cancelled", "1"),
        ("status", "burnt"),
        ("status!", "burnt"),
    ],
)
def test_a_word_that_the_filter_does_not_take_is_named_and_ignored(name: str, value: str) -> None:
    filters, problems = read(urlencode({name: value, "site": "Site001"}))
    assert filters == Filters(site=("Site001",))
    (problem,) = problems
    assert f" {name} " in problem
    assert value not in problem


def test_an_unknown_parameter_is_named_and_ignored() -> None:
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
def test_any_url_is_read_or_its_problems_are_named(pairs: list[tuple[str, str]]) -> None:
    filters, problems = Filters.from_query(pairs)
    assert filters_of(urlencode(filters.to_query())) == filters
    assert all(problem.endswith(".") for problem in problems)
    filters.parameters(datetime(2016, 2, 10))
    assert filters.in_words()


@given(st.sampled_from([*DATES, "cancelled", "status", "ACODE1"]), st.text())
def test_a_problem_never_quotes_what_may_be_a_code(name: str, around: str) -> None:
    _, problems = Filters.from_query([(name, f"{around}ACODE1{around}")])
    assert len(problems) == 1
    assert "ACODE1" not in problems[0]


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_value_of_more_than_8_kb_is_a_problem_and_no_filter(name: str) -> None:
    filters, problems = Filters.from_query([(name, "é" * 4097)])
    assert filters == Filters()
    assert problems == [f"The filter {name} takes no value of more than 8,192 bytes."]


@pytest.mark.parametrize("name", OF_TEXTS)
def test_a_value_of_8_kb_is_read_beside_one_that_is_too_long(name: str) -> None:
    filters, problems = Filters.from_query([(name, "é" * 4096), (name, "x" * 8193)])
    assert filters.to_query() == [(name, "é" * 4096)]
    assert len(problems) == 1


def test_a_list_is_named_by_its_key_alone() -> None:
    assert read("list=Ab-_0123xYz9") == (Filters(list_="Ab-_0123xYz9"), [])
    assert Filters(list_="key", listed=Listed("list_1", 200)).to_query() == [("list", "key")]
    for query in ("list=A+CODE", "list=VOUCHERCODE123", "list=%C3%A9", "list="):
        filters, (problem,) = read(query)
        assert filters == Filters()
        assert "list" in problem
    assert read("list=one&list=other")[0] == Filters()
    (unknown,) = read("list!=one")[1]
    assert unknown.startswith("There is no filter")


def test_a_list_stands_in_words_with_its_number_of_codes() -> None:
    filters = Filters(list_="key", listed=Listed("list_1", 1200))
    assert filters.chips() == {"list": "a list of 1,200 codes"}
    assert filters.in_words() == "All codes in a list of 1,200 codes"
    assert filters.with_("group", ("Email",)).in_words() == "Email, in a list of 1,200 codes"
    assert filters.with_("rest", True).in_words() == (
        "Everything but codes in a list of 1,200 codes"
    )
    assert Filters(list_="gone").in_words() == "All codes in a list"
    assert filters.with_("list", "other").listed is None
    assert filters.without("list") == Filters()
