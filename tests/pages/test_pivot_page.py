"""The page Pivot and its file over the fixtures, as the agent API and the route return them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from data.importing.scope import Scope
from tests.support.downloads import receipt_of
from tests.support.rows import Code
from tests.support.server import Server, elements, serving, tiles
from tests.support.stores import copied, import_rows, opened

ASOF = ("asof", "2016-02-10")


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app of these tests' own: the API of agents holds a hundred sessions at a time."""
    folder = tmp_path_factory.mktemp("pivot_page")
    store = copied(fixture_file, folder)
    with serving(store, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def texts(page: dict[str, Any], kind: str) -> list[str]:
    return [str(element["props"]["body"]) for element in elements(page, kind)]


def saved(server: Server, page: dict[str, Any], form: str = "csv") -> httpx.Response:
    """The file behind a button of the page."""
    links = [str(link["props"]["url"]) for link in elements(page, "link_button")]
    (url,) = (url for url in links if url.startswith(f"/export/tables/pivot.{form}"))
    return httpx.get(server.url + url)


def rows_of(response: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_the_page_has_a_sentence_a_table_its_files_and_its_definition(server: Server) -> None:
    page = server.page("pivot", [ASOF])
    assert "Net redemptions by group and month" in texts(page, "subheader")
    (reading,) = (text for text in texts(page, "caption") if "In all" in text)
    assert reading.startswith("All time · In all ")
    (table,) = (e for e in elements(page, "dataframe") if "by group" in e["props"].get("alt", ""))
    assert table
    assert any(text.startswith("-- A pivot table") for text in texts(page, "code"))


def test_its_file_is_the_table_with_totals_and_a_receipt(server: Server) -> None:
    page = server.page("pivot", [ASOF, ("group", "Email"), ("rows", "site"), ("columns", "group")])
    response = saved(server, page)
    header, *rows = rows_of(response)
    assert header == ["Site", "Email", "Total"]
    (total,) = (row for row in rows if row[0] == "Total")
    assert total[-1] == tiles(page)["Net redemptions"]
    assert sum(int(row[-1]) for row in rows) == 2 * int(total[-1])
    receipt = receipt_of(server, response)
    assert receipt["what"] == "table pivot"
    assert receipt["parameters"]["rows"] == "site"
    assert receipt["columns"] == header


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_it_is_an_excel_sheet_with_one_click(server: Server, form: str) -> None:
    response = saved(server, server.page("pivot", [ASOF, ("measure", "median")]), form)
    assert response.status_code == 200
    assert len(response.content) > 500


def test_no_receipt_names_a_column_that_is_a_code(tmp_path: Path) -> None:
    with opened(tmp_path / "vouchers.duckdb") as store:
        scope = Scope(prefix="QZ7K2M8QX")  # the whole code
        import_rows(store, tmp_path / "codes.csv", Code("QZ7K2M8QX"), scope=scope)
        import_rows(store, tmp_path / "more.csv", Code("NOV26E7K2M"), scope=Scope(prefix="NOV"))
    names = "rows=group&columns=prefix&measure=codes&days=28&per_day=no"
    with serving(store.path, tmp_path / "server.log", VOUCHERS_SAMPLE="0") as running:
        response = httpx.get(f"{running.url}/export/tables/pivot.csv?{names}")
        assert rows_of(response)[0] == ["Group", "NOV", "QZ7K2M8QX", "Total"]
        receipt = receipt_of(running, response)
    assert receipt["columns"] == ["Group", "NOV", "(a code)", "Total"]
    assert "QZ7K" not in str(receipt)


def test_dimensions_of_redemptions_are_not_offered_for_codes_and_it_says_why(
    server: Server,
) -> None:
    page = server.page("pivot", [ASOF, ("measure", "codes")])
    assert any(text.startswith("Not by site, campaign or time") for text in texts(page, "caption"))
    assert page["query_params"] == {"asof": ["2016-02-10"], "measure": ["codes"]}
    assert rows_of(saved(server, page))[0][0] == "Group"


def test_a_measure_of_codes_takes_rows_that_it_has(server: Server) -> None:
    page = server.page("pivot", [ASOF, ("rows", "site")], {"measure": "Codes issued"})
    assert page["query_params"] == {"asof": ["2016-02-10"], "measure": ["codes"]}
    assert texts(page, "warning") == []


@pytest.mark.parametrize(
    ("measure", "rows", "title"),
    [
        ("net", "Site", "Net redemptions by site and month"),
        ("net", "Campaign", "Net redemptions by campaign and month"),
        ("redeemed", "Site", "Redeemed codes by site and month of start"),
        ("net", "Weekday", "Net redemptions by weekday"),
    ],
)
def test_rows_of_places_keep_the_usual_columns_and_those_of_times_have_none(
    server: Server, measure: str, rows: str, title: str
) -> None:
    page = server.page("pivot", [ASOF, ("measure", measure)], {"rows": rows})
    assert title in texts(page, "subheader")


def test_the_address_keeps_what_is_chosen(server: Server) -> None:
    query = [ASOF, ("rows", "weekday"), ("columns", "group"), ("per_day", "yes"), ("heat", "no")]
    page = server.page("pivot", query)
    assert page["query_params"] == {name: [value] for name, value in query}
    assert "Net redemptions per day by weekday and group" in texts(page, "subheader")


def test_nothing_chosen_says_what_to_do(server: Server) -> None:
    page = server.page("pivot", [("group", "nobody")])
    assert any("matches these filters" in text for text in texts(page, "info"))


def test_a_comparison_shows_both_tables_their_differences_and_the_files_of_both(
    server: Server,
) -> None:
    page = server.page("pivot", [ASOF, ("group", "Email"), ("b.group", "SMS"), ("b.asof", ASOF[1])])
    alts = [str(table["props"].get("alt", "")) for table in elements(page, "dataframe")]
    for end in ("the numbers", "the differences", "the numbers of SMS"):
        assert f"Net redemptions by group and month: {end}" in alts
    links = [str(link["props"]["url"]) for link in elements(page, "link_button")]
    of_b = [url for url in links if "pivot.csv" in url and "group=SMS" in url]
    assert len(of_b) == 1
    header, *rows = rows_of(httpx.get(server.url + of_b[0]))
    assert [row[0] for row in rows] == ["SMS", "Total"]
    assert header[0] == "Group"
