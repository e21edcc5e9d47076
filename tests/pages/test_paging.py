"""Rows page by page are the sorted rows, cut."""

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from queries.engine import paging
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.queries import FEBRUARY_10
from tests.support.rows import Code, codes_file
from tests.support.server import Server, code_rows, elements

SIZE = 3  # rows of a page, for these tests
SORTED = {
    "codes_rows": "select code from vouchers.codes order by {} {} nulls last, code_id",
    "transactions_rows": "select code from vouchers.transactions "
    "order by {} {} nulls last, transaction_id nulls last, code_id",
}
FURTHER: dict[str, dict[str, object]] = {
    "codes_rows": {"search": None, "whole": False},
    "transactions_rows": {},
}


@pytest.fixture
def with_many_ties(loaded: Store, tmp_path: Path) -> Store:
    """The fixtures, and ten codes whose redemptions have no transaction and one time."""
    rows = [Code(f"AB{n}", redeemed="10/01/2016 12:30") for n in range(10)]
    load(loaded, codes_file(tmp_path / "more.csv", *rows), Scope(batch="7"))
    return loaded


@pytest.mark.parametrize("deep", [0, 4, 10_000])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("codes_rows", "code"),
        ("codes_rows", "group_name"),
        ("codes_rows", "first_redeemed"),
        ("transactions_rows", "time"),
        ("transactions_rows", "site_ref"),
    ],
)
def test_the_pages_one_after_another_are_the_rows_sorted(
    with_many_ties: Store,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    sort: str,
    descending: bool,
    deep: int,
) -> None:
    monkeypatch.setattr(paging, "DEEP", deep)
    monkeypatch.setattr(paging, "PAGE", SIZE)
    found: list[str] = []
    with with_many_ties.cursor() as db:
        query = SORTED[name].format(sort, "desc" if descending else "asc")
        expected = [code for (code,) in db.execute(query).fetchall()]
        for offset in range(0, len(expected), SIZE):
            where = {"sort": sort, "descending": descending, "offset": offset, "of": len(expected)}
            page = run(db, name, Filters(), FEBRUARY_10, **where, **FURTHER[name])
            assert not {"tie", "second_tie"} & set(page.columns)
            found.extend(page["code"])
    assert found == expected


def test_a_page_beyond_the_last_row_is_empty(loaded: Store) -> None:
    where = {"sort": "time", "descending": False, "offset": 50, "of": 15}
    with loaded.cursor() as db:
        assert run(db, "transactions_rows", Filters(), FEBRUARY_10, **where).empty


def test_no_other_column_can_be_sorted_by(loaded: Store) -> None:
    where = {"sort": "1; drop table", "descending": False, "offset": 0, "of": 15}
    with loaded.cursor() as db, pytest.raises(ValueError, match="There is no column"):
        run(db, "transactions_rows", Filters(), FEBRUARY_10, **where)


@pytest.mark.parametrize("descending", [False, True])
def test_codes_can_be_sorted_by_status(server: Server, descending: bool) -> None:
    widgets = {"codes_sort": "Status", "codes_descending": descending}
    rows = code_rows(server.page("codes", [("asof", "2016-02-10")], widgets))
    statuses = [row[2] for row in rows]
    assert len(statuses) == 18
    assert len(set(statuses)) > 2
    assert statuses == sorted(statuses, reverse=descending)


def a_list() -> None:
    """A page of its own, as Streamlit runs it."""
    import streamlit as st

    from pages.tables.paging import pages as list_pages

    order = st.selectbox("Order", ["a", "b"])

    def draw(offset: int) -> None:
        st.text(f"from {offset}")

    list_pages("page", 1000, draw, order)


def test_a_page_can_be_typed_and_another_order_begins_at_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # AppTest puts its script there, and child processes of other tests would import it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    app = AppTest.from_function(a_list).run()
    assert app.text[0].value == "from 0"
    app.number_input(key="page_typed").set_value(7).run()
    assert app.text[0].value == "from 300"
    assert app.number_input(key="page_typed").value is None
    app.run()
    assert app.text[0].value == "from 300"
    app.selectbox[0].select("b").run()
    assert app.text[0].value == "from 0"
    assert not app.exception


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ([("prefix", "1E")], "No redemptions match these filters, and 1 code matches them."),
        ([("prefix", "NOBODY")], "No code and no redemption matches these filters."),
    ],
)
def test_a_page_without_redemptions_says_whether_there_are_codes(
    server: Server, query: list[tuple[str, str]], sentence: str
) -> None:
    page = server.page("transactions", [*query, ("asof", "2016-02-10")])
    assert any(sentence in e["props"]["body"] for e in elements(page, "info"))
