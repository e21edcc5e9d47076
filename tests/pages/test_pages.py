"""The pages over the fixtures, as the agent API returns them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.support.expected import EXPECTED, parameters_of
from tests.support.pages import WITH_FILTERS
from tests.support.server import Server, elements, tiles

CASES = EXPECTED["answers"]
NAMES = [" ".join(f"{n}={v}" for n, v in parameters_of(case)) for case in CASES]
PAGES = (*WITH_FILTERS, "imports")


def percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_tiles_of_the_overview_say_what_the_fixtures_expect(
    server: Server, case: dict[str, Any]
) -> None:
    expected = case["numbers"]
    shown = tiles(server.page(query=parameters_of(case)))
    rate = expected["redemption_rate"]
    if live := shown.pop("Codes live", None):  # of a period
        rate = expected["redeemed_codes"] / int(live.replace(",", ""))
    assert ("from" in case["filters"]) == (live is not None)
    assert shown == {
        "Codes issued": f"{expected['issued']:,}",
        "Redeemed codes": f"{expected['redeemed_codes']:,}",
        "Redemption rate": percent(rate),
        "Net redemptions": f"{expected['net']:,}",
        "Cancelled": f"{expected['cancelled']:,}",
        "Cancellation rate": percent(expected["cancellation_rate"]),
        "Outstanding": f"{expected['outstanding']:,}",
    }


@pytest.mark.parametrize("case", CASES, ids=NAMES)
@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_the_downloaded_file_has_the_rows_that_the_page_counts(
    server: Server, case: dict[str, Any], kind: str
) -> None:
    page = server.page(kind, parameters_of(case))
    rows = case[f"{kind}_rows"]
    if rows:
        (button,) = [
            b for b in elements(page, "link_button") if "Download CSV" in b["props"]["label"]
        ]
        assert f"({rows:,} row{'' if rows == 1 else 's'})" in button["props"]["label"]
        url = button["props"]["url"]
    else:
        url = f"/export/{kind}.csv?" + urlencode(parameters_of(case))
    file = httpx.get(server.url + url)
    assert file.status_code == 200
    assert len(file.text.splitlines()) == rows + 1


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_with_any_filter_and_names_each_widget_as_its_parameter(
    server: Server, path: str
) -> None:
    page = server.page(path, [("group", "Email"), ("from", "2016-01-10"), ("asof", "2016-02-10")])
    keys = {action["key"] for action in page["actions"]}
    widgets = {
        *("folder", "group", "prefix", "batch", "type", "item", "campaign", "site"),
        *("cancelled", "status", "from", "to", "asof"),
        *("start_from", "start_to", "expiry_from", "expiry_to"),
    }
    # What was imported is the same with any filter: that page draws none, and keeps the address.
    assert keys & widgets == (set() if path == "imports" else widgets)
    assert page["query_params"] == {
        "group": ["Email"],
        "from": ["2016-01-10"],
        "asof": ["2016-02-10"],
    }


def test_an_unknown_value_is_kept_and_matches_nothing(server: Server) -> None:
    page = server.page(query=[("group", "nobody"), ("site", "a&b=c")])
    assert page["query_params"] == {"group": ["nobody"], "site": ["a&b=c"]}
    assert tiles(page)["Codes issued"] == "0"
    assert any("matches these filters" in e["props"]["body"] for e in elements(page, "info"))


def test_an_unreadable_date_is_named_and_ignored(server: Server) -> None:
    page = server.page(query=[("group", "Email"), ("from", "yesterday"), ("asof", "2016-02-10")])
    (warning,) = elements(page, "warning")
    assert "from" in warning["props"]["body"]
    assert "2026-11-23" in warning["props"]["body"]
    assert "yesterday" not in warning["props"]["body"]
    assert tiles(page)["Net redemptions"] == "7"


def test_the_change_is_against_the_period_of_the_same_length_just_before(server: Server) -> None:
    # 15–21 January has 4 net redemptions and 2 cancelled; 8–14 January has 4 and 1.
    page = server.page(query=[("from", "2016-01-15"), ("to", "2016-01-21")])
    change = {t["props"]["label"]: t["props"].get("delta") for t in elements(page, "metric")}
    assert change["Net redemptions"] == 0
    assert change["Cancelled"] == "+100.0%"
    assert change["Cancellation rate"] == "+13.3 points"
    assert change["Codes issued"] is None


def test_each_chart_has_a_reading_a_table_and_says_how_it_is_counted(server: Server) -> None:
    for path in ("", "codes", "transactions"):
        page = server.page(path)
        figures = elements(page, "plotly_chart")
        assert all(figure["props"]["alt"].endswith(".") for figure in figures)
        charts = [figure for figure in figures if not figure["key"].startswith("curve_")]
        assert charts
        for chart in charts:
            name = chart["key"].removeprefix("chart_")
            keys = [e.get("key") for e in elements(page, "popover")]
            assert {f"table_{name}", f"how_{name}"} <= set(keys)
        shown = [e["props"]["body"] for e in elements(page, "code")]
        assert sum(text.startswith("-- ") for text in shown) == len(charts)


def test_eight_people_at_once_each_see_the_right_numbers(server: Server) -> None:
    def visit(number: int) -> None:
        for turn in range(3):
            case = CASES[(number * 3 + turn) % len(CASES)]
            shown = tiles(server.page(query=parameters_of(case)))
            assert shown["Codes issued"] == f"{case['numbers']['issued']:,}"
            assert shown["Net redemptions"] == f"{case['numbers']['net']:,}"
            assert shown["Outstanding"] == f"{case['numbers']['outstanding']:,}"

    with ThreadPoolExecutor(8) as people:
        list(people.map(visit, range(8)))


def test_a_download_has_its_type_and_is_never_compressed_or_cached(server: Server) -> None:
    file = httpx.get(
        f"{server.url}/export/codes.csv?group=Email", headers={"Accept-Encoding": "gzip"}
    )
    assert file.headers["content-type"].startswith("text/csv")
    assert 'attachment; filename="codes_email_' in file.headers["content-disposition"]
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers.get("content-encoding", "identity") == "identity"
    assert file.content.startswith(b"Code,Group_Name,Start_Date")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("colour=red", "There is no filter “colour”"),
        ("from=2016-13-01", "The filter from takes a date like 2026-11-23."),
        ("cancelled=maybe", "The filter cancelled takes yes or no."),
        ("status=gone", "The filter status takes"),
        ("group=", "The filter group has no value."),
    ],
)
def test_a_download_with_an_unreadable_filter_is_refused_in_one_sentence(
    server: Server, query: str, sentence: str
) -> None:
    response = httpx.get(f"{server.url}/export/codes.csv?{query}")
    assert response.status_code == 400
    assert response.text.startswith(sentence)
    assert "\n" not in response.text


def test_a_request_for_a_foreign_host_is_refused(server: Server) -> None:
    response = httpx.get(f"{server.url}/export/codes.csv", headers={"Host": "evil.example"})
    assert response.status_code == 400


def test_no_request_leaves_a_code_in_the_log(server: Server) -> None:
    server.page("codes", [("prefix", "JANE7K2QD")])
    httpx.get(f"{server.url}/export/codes.csv?prefix=JANE7K2QD&from=JANE7K2QD")
    log = server.log.read_text("utf-8")
    assert "JANE" not in log
    assert "Traceback" not in log
