"""Every query that goes to a cluster answers there as it does here, row for row and in order."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.access import EVERYTHING, Access
from queries.engine.cluster.cluster import Cluster
from queries.engine.cluster.which import ANSWERED, IN_ORDER_OF_STORE
from queries.engine.paging import TIES
from queries.engine.texts import sql
from queries.filters import Filters
from queries.listed import Listed
from tests.support.choices import fixture_choices, random_filters
from tests.support.clusters.both import NO_SHRINKING, SETS, Odd, here, there, values_of
from tests.support.clusters.odd_store import ODD
from tests.support.effort import rounds
from tests.support.strategies import CHOICES

# Queries of one code, or of one import: of the filters they read what a person may see.
OF_ONE = {name for name in ANSWERED if name.startswith(("code_", "import_changes", "held_changes"))}
OF_ONE |= {"parent_to_check", "data_until", "begins_enough"}
OF_CHOICE = ANSWERED - OF_ONE
PAGED = ("codes_rows", "transactions_rows")
AT_ONCE = 4  # questions that a cluster is asked at the same time
LIMITED = (
    EVERYTHING,
    EVERYTHING,
    Access(groups=("SMS", ODD[0])),
    Access(folders=("May", "(no folder)")),
    Access(masked=True, hidden=("A",), answered=("A1", "(no prefix)", "J")),
    Access(groups=("Email", "(no group)"), masked=True),
)
SOME_TEXT = [None, "", "1", "a", "É", "O'B", "${x}", "\\", "\n", "🍺", "\u00a0", "=", "%", "ß", "Σ"]


def parameters(random: Random) -> dict[str, Any]:
    """Values of all parameters that a query may have beside the filters."""
    code = random.choice("ABZ") + random.choice([*ODD, "1", "2", "3"])
    return {
        "search": random.choice([*SOME_TEXT, code]),
        "whole": random.random() < 0.3,
        "code": code,
        "group_name": random.choice(["Email", "SMS", "(no group)", *ODD]),
        "stored": random.choice([None, True, False]),
        "most": random.choice([3, 100]),
        "minutes": random.choice([5, 100_000]),
        "limits": "99.8",
        "since": random.choice([None, "2000-01-01"]),
        "from_import": random.choice([None, 3, 7]),
        "change": random.choice(["new codes", "changed dates", "changed otherwise"]),
        "texts": ["A", "b", f"z{ODD[0]}", "(no prefix)", random.choice(ODD)],
        "starts": ["A", "B1", code[:3]],
        "short": random.choice([[], ["A", "b"]]),
        "points": [code, "A1"],
        "text": random.choice(["A", "B", "", ODD[0][:1]]),
        "least": random.choice([1, 5, 1000]),
        "code_id": random.randrange(1, 60),
        "import_id": random.randrange(1, 8),
        "offset": random.choice([0, 10]),
    }


def asked(name: str, filters: Filters, random: Random) -> dict[str, Any]:
    """All values of a query, of a page too where it has pages."""
    values = values_of(filters, **parameters(random))
    if name in ("import_changes_rows", "held_changes"):
        values["change"] = random.choice(["new codes", "new transactions"])
    if name in PAGED:
        values |= {"sort": "tie", "descending": random.random() < 0.5, "of": None}
    return values


def assert_same(
    clusters: list[Cluster], odd: Odd, questions: list[tuple[str, dict[str, Any]]]
) -> None:
    """Assert that the clusters answer all questions as the store does."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [
            [pool.submit(there, odd, cluster, *question) for cluster in clusters]
            for question in questions
        ]
        for (name, values), of_clusters in zip(questions, answers, strict=True):
            rows = here(odd, name, values)
            for answer in of_clusters:
                assert answer.result() == rows, (name, values)


@pytest.mark.parametrize("name", sorted(ANSWERED - IN_ORDER_OF_STORE - SETS - {*PAGED}))
def test_a_query_of_several_rows_says_their_order(name: str) -> None:
    text = sql(name)
    outside = without_parts_in_brackets(re.sub(r"--[^\n]*", "", text))
    assert re.search(r"-- One row[.;]", text) or "order by" in outside


def without_parts_in_brackets(text: str) -> str:
    """The outermost statement alone: a subquery and a window have orders of their own."""
    while text != (shorter := re.sub(r"\([^()]*\)", "", text)):
        text = shorter
    return text


@pytest.mark.parametrize("name", sorted(ANSWERED))
def test_all_rows_are_the_same(cluster: Cluster, odd: Odd, name: str) -> None:
    values = asked(name, Filters(), Random(name))
    values |= {"search": None, "change": "new codes", "since": None, "from_import": None}
    rows = here(odd, name, values | {"offset": 0})
    assert there(odd, cluster, name, values | {"offset": 0}) == rows
    if name in OF_CHOICE:
        assert rows


@pytest.mark.parametrize("number", range(len(CHOICES)))
def test_rows_of_a_choice_are_the_same(clusters: list[Cluster], odd: Odd, number: int) -> None:
    random = Random(number)
    names = random.sample(sorted(OF_CHOICE), 6)
    assert_same(clusters, odd, [(name, asked(name, CHOICES[number], random)) for name in names])


@pytest.mark.parametrize("access", LIMITED[1:])
def test_rows_that_a_person_may_see_are_the_same(
    clusters: list[Cluster], odd: Odd, access: Access
) -> None:
    names = ("codes_rows", "transactions_rows", "prefix_counts", "table_codes_more")
    filters = Filters(access=access)
    assert_same(clusters, odd, [(name, asked(name, filters, Random(1))) for name in names])


def test_rows_of_files_come_in_the_same_order_where_a_join_chooses_them(
    clusters: list[Cluster], odd: Odd
) -> None:
    of_status = Filters(status=("active", "redeemed"))
    of_list = Filters(list_="list", listed=Listed("list_1", 5))
    names = ("table_codes", "table_codes_more", "table_transactions")
    questions = [(name, values_of(filters)) for name in names for filters in (of_status, of_list)]
    assert all(here(odd, *question) for question in questions)
    assert_same(clusters, odd, questions)


@settings(
    max_examples=rounds(4, torture=40),
    phases=NO_SHRINKING,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_rows_of_any_choice_are_the_same(clusters: list[Cluster], odd: Odd, seed: int) -> None:
    random = Random(seed)
    choices = fixture_choices(odd.store)
    filters, _ = Filters.from_query(random_filters(random, choices))
    if random.random() < 0.2:
        listed = random.choice([Listed("list_1", 5), None])
        filters = replace(filters, list_="list", listed=listed)
    filters = replace(filters, access=random.choice(LIMITED))
    one = random.sample(sorted(OF_ONE), 4)
    names = [*sorted(OF_CHOICE), *one]
    assert_same(clusters, odd, [(name, asked(name, filters, random)) for name in names])


@pytest.mark.parametrize("name", PAGED)
def test_pages_are_the_same_by_every_column(clusters: list[Cluster], odd: Odd, name: str) -> None:
    values = values_of(Filters(), search=None, whole=False)
    page = values | {"sort": "tie", "descending": False, "offset": 0, "of": None}
    (first, *_) = here(odd, name, page)
    of = 66 if name == "codes_rows" else 40
    questions = [
        (name, page | {"sort": sort, "descending": descending, "offset": offset, "of": of})
        for sort in (*first, *TIES)
        for descending, offset in ((False, 0), (True, of - 7), (descending_of(sort), of // 3))
    ]
    assert_same(clusters, odd, questions)


def descending_of(sort: str) -> bool:
    return len(sort) % 2 == 0


def test_a_column_that_is_not_there_sorts_nothing(cluster: Cluster, odd: Odd) -> None:
    values = values_of(Filters(), search=None, whole=False)
    page = {"sort": "code; --", "descending": False, "offset": 0, "of": None}
    with pytest.raises(ValueError, match="no column"):
        cluster.ask("codes_rows", values | page, odd.files)


@pytest.fixture
def no_rows(odd: Odd, store: Store) -> Odd:
    """A store without rows, and as many files."""
    nothing = {name: table.slice(0, 0) for name, table in odd.tables.items()}
    return Odd(store, {"codes": [], "transactions": []}, nothing)


def test_a_store_without_rows_answers_the_same(clusters: list[Cluster], no_rows: Odd) -> None:
    names = sorted(ANSWERED)
    assert_same(clusters, no_rows, [(name, asked(name, Filters(), Random(1))) for name in names])


def test_small_tables_that_go_with_a_query_are_named(odd: Odd) -> None:
    cluster = Cluster("sc://nobody")
    masked = Filters(access=Access(masked=True))
    assert (
        cluster.small_tables("codes_found", values_of(Filters(), search="a", whole=False)) == set()
    )
    assert cluster.small_tables("prefix_counts", values_of(masked, texts=["A"])) == {
        "vouchers.code_totals"
    }
    listed = Filters(list_="list", listed=Listed("list_1", 5))
    assert cluster.small_tables("table_codes", values_of(listed)) == {"list_1"}
