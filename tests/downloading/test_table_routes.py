"""Routes of their own send the tables of charts, whole and with a receipt."""

import ast
import csv
import hashlib
import io

import httpx
import pytest

from pages.charts.chart import Chart
from pages.tables.table_files import TableFile, parameters_of, table_file, table_files
from pages.text.addresses import table_url
from queries.filters import Filters
from tests.support.downloads import receipt_of
from tests.support.queries import FEBRUARY_10
from tests.support.server import Server, elements
from tests.support.sources import MODULES, name_of

AS_OF = Filters(asof=FEBRUARY_10.date())


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("file", table_files(), ids=lambda f: f"{f.key} {parameters_of(f)}")
def test_each_table_is_sent_in_each_format_with_a_receipt_of_its_bytes(
    server: Server, file: TableFile, form: str
) -> None:
    response = httpx.get(server.url + table_url(file.key, AS_OF, form, parameters_of(file)))
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    assert "attachment" in response.headers["content-disposition"]
    receipt = receipt_of(server, response)
    assert receipt["sha256"] == hashlib.sha256(response.content).hexdigest()
    assert receipt["bytes"] == len(response.content)
    assert receipt["what"] == f"table {file.key}"
    assert receipt["filters"].endswith("status as of 10 Feb 2016")


def test_a_table_has_the_columns_and_rows_that_its_receipt_says(server: Server) -> None:
    response = httpx.get(f"{server.url}/export/tables/cancellations_by_group.csv?asof=2016-02-10")
    header, *rows = rows_of(response.content)
    receipt = receipt_of(server, response)
    assert header == receipt["columns"]
    assert header == [
        *("Group", "Cancellation rate", "Low", "High", "Cancelled", "Redemptions", "Note")
    ]
    assert receipt["rows"] == len(rows) > 1


def test_a_table_follows_the_filters_of_its_address(server: Server) -> None:
    response = httpx.get(
        f"{server.url}/export/tables/uptake_by_group.csv?group=SMS&asof=2016-02-10"
    )
    assert [row[0] for row in rows_of(response.content)] == ["Group", "SMS"]


def test_every_button_of_a_page_leads_to_its_table(server: Server) -> None:
    page = server.page("", [("group", "Email"), ("asof", "2016-02-10")])
    links = [link["props"]["url"] for link in elements(page, "link_button")]
    tables = [url for url in links if url.startswith("/export/tables/")]
    assert len(tables) == 5 * 3
    for url in tables:
        assert "group=Email" in url
        assert httpx.get(server.url + url).status_code == 200, url


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("over_time.csv", 400, "Say which table: grain=hour, grain=day"),
        ("over_time.csv?grain=eon", 400, "Say which table"),
        ("nothing.csv", 404, "There is no such table."),
        ("by_site.ods", 404, "There is no such table."),
        ("by_site.csv?from=soon", 400, "takes a date"),
        ("by_site.csv?colour=red", 400, "There is no filter"),
    ],
)
def test_an_address_of_no_table_is_refused_in_a_sentence(
    server: Server, path: str, status: int, words: str
) -> None:
    response = httpx.get(f"{server.url}/export/tables/{path}")
    assert (response.status_code, response.headers["content-type"][:10]) == (status, "text/plain")
    assert words in response.text
    assert "x-receipt" not in response.headers


def test_every_chart_that_a_module_defines_can_be_saved() -> None:
    charts = [file for file in table_files() if isinstance(file, Chart)]
    assert {chart.key for chart in charts} == {
        *("uptake_by_group", "over_time", "by_site", "weekday_hour", "status"),
        *("rate_within_days", "redemption_curve", "since", "pivot"),
        *("over_time_split", "cancellation_funnel", "last_stretch"),
        *("exposure", "exposure_backtest", "exposure_backtest_batches"),
        *("bounceback", "bounceback_chains", "bounceback_triggers"),
        *(f"cancellations_by_{kind}" for kind in ("site", "group", "campaign")),
    }
    assert table_file("over_time", {"grain": "day"}) is not None
    assert table_file("over_time", {}) is None


@pytest.mark.parametrize(
    ("by", "days", "is_one"),
    [("batch", "21", True), ("month", "366", True), ("batch", "28", True), ("batch", "0", False),
     ("batch", "021", False), ("batch", "367", False), ("site", "21", False), ("batch", "", False)],
)  # fmt: skip
def test_a_rate_within_days_can_be_saved_for_any_days_that_can_be_typed(
    by: str, days: str, is_one: bool
) -> None:
    file = table_file("rate_within_days", {"by": by, "days": days})
    assert (file is not None) == is_one
    assert file is None or parameters_of(file) == {"by": by, "days": days}


def test_no_module_sends_data_through_streamlits_memory() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"download_button", "media_file_mgr"}
    ]
    assert found == []


def test_a_table_of_the_batches_is_whole(server: Server) -> None:
    response = httpx.get(f"{server.url}/export/tables/batches.csv?asof=2016-02-10")
    header, *rows = rows_of(response.content)
    assert header[0] == "Batch"
    assert {"1041", "1042", "(no batch)"} <= {row[0] for row in rows}


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("codes.csv?group=Caf%E9", "This address has bytes that are no text (UTF-8)."),
        ("tables/by_site.csv?site=%FF", "This address has bytes that are no text (UTF-8)."),
        ("codes.csv?more=yes&more=no", "The parameter more is given more"),
        (
            "tables/over_time.csv?grain=day&grain=month",
            "The parameter grain is given",
        ),
        (
            "changes.csv?import=1&import=2&change=gone",
            "The parameter import or change is",
        ),
        ("changes.csv?import=1&change=gone&group=SMS", "Say which import and which change"),
        ("changes.csv?import=1&change=gone&foo=bar", "Say which import and which change"),
    ],
)
def test_what_a_route_cannot_read_is_a_400_and_a_sentence(
    server: Server, path: str, sentence: str
) -> None:
    response = httpx.get(f"{server.url}/export/{path}")
    assert response.status_code == 400
    assert response.text.startswith(sentence)
