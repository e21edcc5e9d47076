"""The page “Since last Monday” over two weeks of imports, and the link to it in every heading."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from data.store.database import Store
from tests.support.server import Server, elements, serving, tiles
from tests.support.since import TWO_WEEKS, fill_two_weeks
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow

LABELS = {
    "new codes": "New codes",
    "newly redeemed": "Newly redeemed",
    "newly cancelled": "Newly cancelled",
    "changed dates": "Changed dates",
    "gone": "Gone",
    "changed otherwise": "Changed otherwise",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("since")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        fill_two_weeks(Vouchers(store, folder))
    with serving(store.path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def codes_listed(page: dict[str, Any]) -> list[str]:
    (table,) = [e for e in elements(page, "dataframe") if e.get("key") == "rows_since"]
    return [row[0] for row in table["data"]["preview"]["rows"]]


def said(page: dict[str, Any]) -> str:
    return "\n".join(str(e["props"]["body"]) for e in elements(page, "caption"))


def test_the_tiles_count_each_heading_since_the_monday_of_the_newest_import(
    server: Server,
) -> None:
    page = server.page("since")
    assert tiles(page) == {LABELS[heading]: str(len(codes)) for heading, codes in TWO_WEEKS.items()}
    assert page["query_params"] == {}
    assert (
        "9 codes: 3 new, 2 newly redeemed, 1 newly cancelled, 1 with changed dates, 1 gone and "
        "1 changed otherwise. Batch 7 has the most (7)." in said(page)
    )


@pytest.mark.parametrize("heading", TWO_WEEKS)
def test_each_heading_lists_its_codes_and_its_files_hold_them(server: Server, heading: str) -> None:
    page = server.page("since", [("change", heading)])
    assert codes_listed(page) == TWO_WEEKS[heading]
    links = [
        e["props"] for e in elements(page, "link_button") if "/export/since." in e["props"]["url"]
    ]
    assert [link["label"].split(" (")[0] for link in links] == ["CSV", "Excel", "Parquet"]
    csv = httpx.get(server.url + links[0]["url"])
    header, *rows = [line.split(",") for line in csv.text.splitlines()]
    assert header[:4] == ["Change", "Group_Name", "Code", "Batch"]
    assert [row[2] for row in rows] == TWO_WEEKS[heading]
    assert {row[0] for row in rows} == {heading}
    receipt = httpx.get(server.url + csv.headers["x-receipt"]).json()
    assert receipt["rows"] == len(rows)
    assert receipt["columns"] == header
    address = urlsplit(receipt["url"])
    assert address.path == "/since"
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (query["since"], query["change"]) == ("2026-11-23", heading)
    again = server.page("since", list(query.items()))
    assert codes_listed(again) == TWO_WEEKS[heading]
    assert not elements(again, "warning")


def test_the_filters_narrow_everything_on_the_page_and_its_files(server: Server) -> None:
    page = server.page("since", [("group", "SMS")])
    assert {label: n for label, n in tiles(page).items() if n != "0"} == {"New codes": "2"}
    assert codes_listed(page) == ["S1", "S2"]
    assert "2 codes, all new." in said(page)
    (csv, *_) = [e for e in elements(page, "link_button") if "/export/since." in e["props"]["url"]]
    assert len(httpx.get(server.url + csv["props"]["url"]).text.splitlines()) == 3


def test_another_day_and_an_import_stand_in_the_address(server: Server) -> None:
    page = server.page("since", None, {"since": "2026-11-16"})
    assert page["query_params"] == {"since": ["2026-11-16"]}
    assert tiles(page)["New codes"] == "9"  # A5 is gone
    of_import = server.page("since", [("import", "5")])
    assert {label: n for label, n in tiles(of_import).items() if n != "0"} == {"New codes": "2"}
    assert "since import 5" in said(of_import)
    wrong = server.page("since", [("import", "99")])
    (warning,) = elements(wrong, "warning")
    assert warning["props"]["body"].startswith("Import takes 5, 4, 3, 2 and 1.")


def test_where_nothing_has_changed_the_page_says_what_to_do(server: Server) -> None:
    page = server.page("since", [("since", "2026-11-25")])
    assert set(tiles(page).values()) == {"0"}
    (info,) = elements(page, "info")
    assert info["props"]["body"].startswith("Nothing has changed for the chosen codes")


@pytest.mark.parametrize("path", ["", "codes", "imports", "downloads"])
def test_the_heading_of_every_page_leads_there_with_its_filters(server: Server, path: str) -> None:
    page = server.page(path, [("group", "SMS")])
    (link,) = [e for e in elements(page, "page_link") if "since Monday" in e["props"]["label"]]
    assert link["props"]["label"] == "3 imports since Monday, 23 Nov"
    assert link["props"]["query_params"] == {"group": ["SMS"]}


def test_an_import_of_the_history_leads_to_what_changed_since(server: Server) -> None:
    page = server.page("imports", [("selected", "4")])
    (link,) = [e for e in elements(page, "page_link") if "since this import" in e["props"]["label"]]
    assert link["props"]["query_params"] == {"import": ["4"]}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Say since which day"),
        ("change=gone", "Say since which day"),
        ("since=Monday&change=gone", "Say since which day"),
        ("since=2026-11-23&import=3&change=gone", "Say since which day"),
        ("since=2026-11-23&change=back", "Say since which day"),
        ("import=-1&change=gone", "Say since which day"),
        ("since=2026-11-23&change=gone&foo=1", "There is no filter"),
    ],
)
def test_a_file_that_is_not_said_clearly_is_a_400_and_a_sentence(
    server: Server, query: str, sentence: str
) -> None:
    response = httpx.get(f"{server.url}/export/since.csv?{query}")
    assert response.status_code == 400
    assert response.text.startswith(sentence)


def test_the_table_of_the_chart_is_saved_for_its_day(server: Server) -> None:
    address = f"{server.url}/export/tables/since.csv"
    file = httpx.get(f"{address}?since=2026-11-23&from_import=None&group=SMS")
    assert file.text.splitlines()[1:] == ["New codes,SMS,8,2"]
    assert httpx.get(f"{address}?since=None&from_import=5").text.splitlines()[1:] == [
        "New codes,SMS,8,2"
    ]
    assert httpx.get(f"{address}?since=soon&from_import=None").status_code == 400
