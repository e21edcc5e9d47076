"""A page that is found by steps is that of all rows, sorted."""

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.scope import Scope
from data.store.database import Store
from queries.engine import paging, steps, totals
from queries.engine.execute import relation
from queries.engine.paging import PAGE, TIES
from queries.engine.steps import FEW_NUMBERS, OF_LISTS
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.effort import examples
from tests.support.odd_rows import odd_filters
from tests.support.queries import FEBRUARY_10, Record, query_rows, records
from tests.support.rows import Code
from tests.support.stores import import_rows

FURTHER: dict[str, dict[str, object]] = {
    "codes_rows": {"search": None, "whole": False},
    "transactions_rows": {},
}
EVERY_SORT = [(name, sort) for name, (_, _, sorts) in OF_LISTS.items() for sort in sorted(sorts)]


@pytest.fixture
def deep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page counts as one far down, of three rows; IDs are parted by four."""
    for name, value in {"DEEP": 1, "DEEPER": 2, "PAGE": 3, "PART": 4}.items():
        monkeypatch.setattr(paging, name, value)


def all_sorted(
    store: Store, name: str, filters: Filters, sort: str, descending: bool
) -> list[Record]:
    """All rows of a list at once, sorted by plain SQL."""
    with store.cursor() as cursor:
        chosen = filters.parameters(FEBRUARY_10)
        given_ = {"filters": chosen, "asof": chosen["asof"], **FURTHER[name]}
        rows = relation(cursor, name, **given_)
        order = f"{sort} {'desc' if descending else 'asc'} nulls last, tie nulls last, second_tie"
        return records(rows.order(order).select(f"* exclude ({', '.join(TIES)})").df())


@pytest.mark.usefixtures("deep")
@pytest.mark.parametrize(("name", "sort"), [*EVERY_SORT, ("codes_rows", FEW_NUMBERS)])
def test_the_pages_of_any_choice_are_its_rows_sorted(
    odd_store: Store, name: str, sort: str
) -> None:
    @settings(max_examples=examples(25))
    @given(odd_filters(), st.booleans(), st.integers(0, 110))
    def agree(filters: Filters, descending: bool, offset: int) -> None:
        expected = all_sorted(odd_store, name, filters, sort, descending)
        where = {"sort": sort, "descending": descending, "offset": offset, "of": len(expected)}
        with odd_store.cursor() as cursor:
            page = run(cursor, name, filters, FEBRUARY_10, **where, **FURTHER[name])
        assert records(page) == expected[offset : offset + 3]

    agree()


@pytest.mark.parametrize(("name", "sort"), EVERY_SORT)
def test_the_steps_hold_all_rows_and_do_not_overlap(odd_store: Store, name: str, sort: str) -> None:
    query = OF_LISTS[name][0]
    found = query_rows_of(odd_store, query, column=sort)
    (count,) = query_rows_of(odd_store, "numbers")
    key = "codes_issued" if name == "codes_rows" else "redemptions"
    assert sum(row["rows"] for row in found) == count[key]
    ends = [
        (row["first_text"] or row["first_moment"], row["last_text"] or row["last_moment"])
        for row in found
    ]
    known = [pair for pair in ends if pair[0] is not None]
    assert all(first <= last for first, last in known)
    assert all(before[1] < after[0] for before, after in pairwise(known))
    assert ends[: len(known)] == known  # missing values come last


def query_rows_of(store: Store, query: str, **values: object) -> list[Record]:
    with store.cursor() as cursor:
        return query_rows(cursor, query, Filters(), FEBRUARY_10, **values)


def test_codes_of_batches_between_each_other_are_one_step(store: Store) -> None:
    for batch, codes in (("1", "AC"), ("2", "BD"), ("3", "EG"), ("4", "H")):
        rows = [Code(f"{letter}00") for letter in codes]
        import_rows(store, store.path.with_name("codes.csv"), *rows, scope=Scope(batch=batch))
    found = query_rows_of(store, "codes_steps", column="code")
    spans = [(row["first_text"], row["last_text"], row["rows"]) for row in found]
    assert spans == [("A00", "D00", 4), ("E00", "G00", 2), ("H00", "H00", 1)]


def test_redemptions_of_an_hour_are_one_step(store: Store) -> None:
    times = ("10/01/2016 12:00", "10/01/2016 12:59", "10/01/2016 13:00", "")
    rows = [Code(f"A{number}", redeemed=time) for number, time in enumerate(times)]
    import_rows(store, store.path.with_name("codes.csv"), *rows)
    found = query_rows_of(store, "transactions_steps", column="time")
    epoch = datetime(1970, 1, 1)
    hours = [(datetime(2016, 1, 10, hour) - epoch).total_seconds() * 1e6 for hour in (12, 13)]
    assert [(row["first_moment"], row["rows"]) for row in found] == [(hours[0], 2), (hours[1], 1)]
    assert [row["last_moment"] - row["first_moment"] for row in found] == [3_600_000_000 - 1] * 2


def test_what_is_searched_for_is_sorted_without_steps() -> None:
    deep = {"sort": "code", "descending": False, "offset": 20_000, "of": 1_000_000}
    assert steps.totals_of_page("codes_rows", {**deep, "search": None}) == "code_totals"
    assert steps.totals_of_page("codes_rows", {**deep, "search": "A"}) is None
    assert steps.totals_of_page("codes_rows", {**deep, "search": None, "sort": "scans"}) is None
    assert steps.totals_of_page("codes_rows", {**deep, "search": None, "offset": PAGE}) is None
    near_the_end = {**deep, "search": None, "offset": 999_950}
    assert steps.totals_of_page("codes_rows", near_the_end) is None
    assert totals.totals_read("codes_rows", {**deep, "search": None}) == {
        "code_totals": "code_totals"
    }
