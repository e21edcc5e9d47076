"""Every query and every file answers on a lake as it does in a store, whatever is chosen."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings

from data.store.database import Store
from data.store.moving import to_lake
from queries.engine.paging import PAGE
from queries.engine.texts import parameters, paths
from queries.engine.totals import run, totals_of
from queries.filters import Filters
from tests.support.effort import rounds
from tests.support.exports import export_bytes
from tests.support.lakes import on_lake
from tests.support.odd_rows import fill, odd_filters
from tests.support.queries import FEBRUARY_10
from tests.support.stores import copied, opened

# What queries are given beside the filters; others read tables that only a checked list has.
VALUES: dict[str, object] = {
    "code": "A1",
    "group_name": "Email",
    "code_id": 1,
    "stored": True,
    "most": 20,
    "minutes": 10,
    "change": "changed",
    "from_import": 1,
    "since": datetime(2016, 1, 1),
    "import_id": 2,
    "offset": 0,
    "by": "group",
    "grain": "day",
    "days": 7,
    "every_day": True,
    "search": "a",
    "column": "status",
    "whole": False,
    "field": "group",
    "texts": ["A1", "it's"],
    "kind": "codes",
    "rows": "group",
    "columns": "batch",
    "measure": "net",
    "per_day": False,
    "imported_since": None,
}
OF_A_LIST = {path.stem for path in paths().values() if path.parent.name == "checking"}
NOT_ASKED_SO = {
    *OF_A_LIST,
    "select_list",
    "compare_numbers",  # of two choices
    *("to_check", "to_check_count", "to_check_rows"),  # with limits of a page
    *("near_codes", "near_transactions"),  # of a staged file
    *("begins_enough", "batches_near", "codes_begun", "texts_begun", "texts_like_codes"),
}
WRITE_FILES = {name for name in paths() if "file" in parameters(name)}  # their bytes are below
ASKED = sorted(set(paths()) - NOT_ASKED_SO - WRITE_FILES)
# Tables that other queries read, a list of batches, and a set of names: they have no order.
UNORDERED = {
    *("select_code_totals", "select_redemption_totals", "select_site_totals"),
    *("plan", "stored_names"),
}
SORTS = {"codes_rows": ("code", "group_name", "status"), "transactions_rows": ("time", "code")}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """A store that holds odd rows itself, and its copy that has them on a lake."""
    path = tmp_path_factory.mktemp("store") / "vouchers.duckdb"
    with opened(path) as store:
        fill(store)
    copy = copied(path, tmp_path_factory.mktemp("lake"))
    to_lake(copy)
    with opened(path) as store, on_lake(copy) as lake:
        yield store, lake


def answers(store: Store, name: str, filters: Filters) -> list[list[list[object]]]:
    """The rows of a query, page by page, in their order if they have one."""
    values = {key: VALUES[key] for key in parameters(name) & VALUES.keys()}
    with store.cursor() as cursor:
        frames = [
            run(cursor, name, filters, FEBRUARY_10, **values, **page) for page in pages_of(name)
        ]
    pages = [frame.astype(object).where(frame.notna(), None) for frame in frames]
    rows = [[[plain(value, name) for value in row] for row in page.to_numpy()] for page in pages]
    return [sorted(page, key=repr) for page in rows] if name in UNORDERED else rows


def plain(value: object, name: str) -> object:
    """A value that can be compared: a list is an array here, and one of batches has no order."""
    if isinstance(value, np.ndarray):
        return sorted(value.tolist()) if name == "plan" else value.tolist()
    return value


def pages_of(name: str) -> list[dict[str, object]]:
    sorts = SORTS.get(name)
    if not sorts:
        return [{}]
    return [
        {"sort": sort, "descending": descending, "offset": offset, "of": None}
        for sort in sorts
        for descending in (False, True)
        for offset in (0, PAGE)
    ]


def test_every_query_is_asked_or_named_as_one_that_is_not() -> None:
    given_ = {"filters", "asof", "data_until", *VALUES}
    lacking = {name: parameters(name) - given_ - set(totals_of(name)) for name in ASKED}
    assert {name: more for name, more in lacking.items() if more} == {}
    assert set(paths()) >= NOT_ASKED_SO


@pytest.mark.parametrize("name", ASKED)
def test_a_query_has_the_same_rows_in_the_same_order(both: tuple[Store, Store], name: str) -> None:
    store, lake = both

    @settings(max_examples=rounds(8, torture=40))
    @given(odd_filters())
    def agree(filters: Filters) -> None:
        assert answers(lake, name, filters) == answers(store, name, filters)

    if "filters" in parameters(name):
        agree()
    else:
        assert answers(lake, name, Filters()) == answers(store, name, Filters())


@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_a_file_has_the_same_bytes(both: tuple[Store, Store], kind: str) -> None:
    store, lake = both

    @settings(max_examples=rounds(8, torture=40))
    @given(odd_filters())
    def agree(filters: Filters) -> None:
        assert export_bytes(lake, kind, filters) == export_bytes(store, kind, filters)

    agree()
