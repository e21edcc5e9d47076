"""The plan of a view, and its cache key: the filters that decide which totals apply."""

from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.access import EVERYTHING, Access
from queries.engine.texts import parameters
from queries.engine.totals import depends_on_data_until, plan, plan_key
from queries.filters import BY_NAME, STATUSES, Filters
from queries.listed import NO_LIST, Listed
from tests.support.effort import examples
from tests.support.filters import filters_with
from tests.support.queries import FEBRUARY_10
from tests.support.stores import copied

VALUES = {
    "folder": ["January 2016", "(no folder)", "nowhere"],
    "group": ["Email", "SMS", "(no group)"],
    "prefix": ["AC", "ACODE1", "0", "a", "ZZ", "(no prefix)"],
    "batch": ["1041", "1042", "(no batch)"],
    "type": ["Item", "Discount", "(no type)"],
    "item": ["1000000001", "(no item)"],
    "campaign": ["C1", "(no campaign)"],
    "site": ["Site123", "(no site)"],
    "status": list(STATUSES),
}
DAYS = [date(2016, 1, 1), date(2016, 1, 8), date(2016, 2, 10), date(2018, 1, 1)]


ACCESSES = [
    EVERYTHING,
    Access(groups=("SMS",)),
    Access(folders=("January 2016",), masked=True, hidden=("AC",), answered=("ACODE1", "0")),
]


def values_of(attribute: str) -> st.SearchStrategy[Any]:
    """Values for a field of Filters, by what its URL parameter takes: none is left out."""
    if attribute == "access":
        return st.sampled_from(ACCESSES)
    if attribute == "listed":
        return st.sampled_from([None, Listed(NO_LIST, 7)])
    if attribute == "list_":
        return st.sampled_from([None, "one", "another"])
    if attribute == "excluded":
        pairs = [(f"{name}!", (value,)) for name in VALUES for value in VALUES[name]]
        some_pairs = st.lists(st.sampled_from(pairs), max_size=3)
        return some_pairs.map(lambda values: filters_with(dict(values)).excluded)
    field = BY_NAME[attribute.removesuffix("_")]
    if field.takes == "texts":
        some = st.lists(st.sampled_from(VALUES[field.name]), max_size=2, unique=True).map(tuple)
        return st.none() | some
    return st.none() | (st.booleans() if field.takes == "yes or no" else st.sampled_from(DAYS))


# From the dataclass itself, so that a new filter cannot be forgotten.
EVERY_FIELD = {field.name: values_of(field.name) for field in fields(Filters)}
some_filters = st.builds(Filters, **EVERY_FIELD)


@pytest.fixture(scope="module")
def shared(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(copied(fixture_file, tmp_path_factory.mktemp("plans")))


@settings(
    max_examples=examples(200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=some_filters, second=some_filters)
def test_filters_with_the_same_plan_key_have_the_same_plan(
    shared: Store, first: Filters, second: Filters
) -> None:
    key = plan_key(first)
    # The second choice, but for what decides: all of it may differ without another plan.
    deciding = {
        f.name
        for f in fields(Filters)
        if getattr(key, f.name) != f.default or getattr(plan_key(second), f.name) != f.default
    }
    if deciding & {"prefix", "excluded"}:
        # The access says by which prefixes a person may choose, and which exclude.
        deciding |= {"access", "prefix", "excluded"}
    other = replace(second, **{name: getattr(first, name) for name in deciding})
    assert plan_key(other) == key
    with shared.cursor() as cursor:
        assert plan(cursor, other, FEBRUARY_10) == plan(cursor, first, FEBRUARY_10)


def test_only_queries_of_the_chosen_rows_depend_on_until_when_the_data_reach() -> None:
    assert depends_on_data_until("status", Filters())
    assert depends_on_data_until("codes_rows", Filters())
    assert depends_on_data_until("maturity", Filters())
    assert depends_on_data_until("over_time", Filters())
    assert depends_on_data_until("export_transactions_rows", Filters(status=("active",)))
    assert not depends_on_data_until("state", Filters())
    assert not depends_on_data_until("stored_names", Filters())


@pytest.mark.parametrize("name", ["by_site", "over_time", "weekday_hour", "cancellations"])
def test_a_query_that_judges_no_status_is_the_same_at_any_moment(shared: Store, name: str) -> None:
    from queries.engine.totals import run

    values = {"grain": "day", "by": "site"}
    values = {key: value for key, value in values.items() if key in parameters(name)}
    moments = (datetime.min, FEBRUARY_10, datetime(2030, 1, 1))
    with shared.cursor() as cursor:
        results = [run(cursor, name, Filters(), moment, **values) for moment in moments]
    if name == "over_time":  # whether a period is over depends on it, not on a status
        results = [result.drop(columns="whole") for result in results]
    assert all(result.equals(results[0]) for result in results)
