"""The page To check: every check, the rows of one, its files, and links to it from imports."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import httpx
import pandas as pd
import pytest

from data.importing.messages import WARNINGS
from data.importing.pipeline import load
from data.importing.scope import Scope
from data.sample import exported_at
from data.sample_oddities import write
from data.store.database import Store
from pages.checks.found_rows import shown
from pages.routes.checks import ChecksFile
from pages.tables.checks import BY_NAME, CHECKS, OF_NOTES
from pages.tables.columns import label_of_check
from tests.support.checks import CHECKS as NAMES
from tests.support.server import Server, elements, serving

TODAY = date(2026, 11, 23)


def test_every_check_is_described_and_its_columns_have_labels() -> None:
    assert tuple(check.name for check in CHECKS) == NAMES
    for check in CHECKS:
        assert all(label_of_check(name) for name in check.columns)
        assert check.sort in check.columns
        assert check.meaning.endswith(".")
        assert check.innocent.endswith(".")


def test_the_notes_of_imports_lead_to_checks_that_there_are() -> None:
    assert set(OF_NOTES) <= set(WARNINGS)
    assert set(OF_NOTES.values()) <= set(BY_NAME)


@pytest.fixture(scope="module")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app over the anomalies of the sample."""
    folder = tmp_path_factory.mktemp("odd_server")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        for path, *scope in write(folder, TODAY):
            load(store, path, Scope(*scope), exported_at=exported_at(TODAY))
    with serving(store.path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def table(page: dict[str, Any], key: str) -> list[list[Any]]:
    (found,) = [e for e in elements(page, "dataframe") if (e.get("key") or "").startswith(key)]
    rows: list[list[Any]] = found["data"]["preview"]["rows"]
    return rows


def test_the_page_lists_every_check_with_its_count(odd_server: Server) -> None:
    rows = table(odd_server.page("to_check"), "rows_checks")
    counts = {row[0]: row[1] for row in rows}
    assert list(counts) == [check.title for check in CHECKS]
    assert (counts["Used more than once"], counts["Used at two sites"]) == (3, 1)
    assert counts["Site far from the rest"] == 0


def test_the_address_selects_a_check_and_its_rows_and_files_follow(odd_server: Server) -> None:
    page = odd_server.page("to_check", [("check", "used_within_minutes"), ("minutes", "3")])
    ((code, *_),) = table(page, "rows_of_")
    assert code == "ODD5BMNTS"
    links = [link["props"]["url"] for link in elements(page, "link_button")]
    files = [url for url in links if url.startswith("/export/checks/")]
    assert len(files) == 3
    for url in files:
        assert re.search("used_within_minutes.*minutes=3&limits=99.8", url)
        response = httpx.get(odd_server.url + url)
        receipt = httpx.get(odd_server.url + response.headers["X-Receipt"]).json()
        assert (response.status_code, receipt["rows"]) == (200, 1)
    nothing = odd_server.page("to_check", [("check", "used_within_minutes"), ("minutes", "2")])
    keys = [table.get("key") or "" for table in elements(nothing, "dataframe")]
    assert not any(key.startswith("rows_of_") for key in keys)


def test_a_file_has_the_columns_of_the_screen_and_all_rows(odd_server: Server) -> None:
    response = httpx.get(f"{odd_server.url}/export/checks/unknown_code.csv?site=Site007")
    header, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert header == [label_of_check(name) for name in BY_NAME["unknown_code"].columns]
    assert sorted(row[:5] for row in rows) == [
        ["ODD2PNEAR", "SMS", "group", "ODD2PNEAR", "Email"],
        ["odd2pnear", "Email", "case", "ODD2PNEAR", "Email"],
    ]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("nothing.csv", 404, "There is no such check."),
        ("used_twice.ods", 404, "There is no such check."),
        ("used_twice.csv?minutes=0", 400, "minutes takes a whole number"),
        ("used_twice.csv?minutes=soon", 400, "minutes takes a whole number"),
        ("used_within_minutes.csv?minutes=000019999999999999", 400, "minutes takes a whole"),
        (f"used_twice.csv?minutes=00001{'9' * 5000}", 400, "minutes takes a whole number"),
        ("used_twice.csv?limits=90", 400, "limits 99.8 or 95"),
        ("used_twice.csv?imported_since=2016-02-30", 400, "a day like"),
        ("used_twice.csv?from=soon", 400, "takes a date"),
    ],
)
def test_what_no_file_is_of_is_a_sentence(
    odd_server: Server, path: str, status: int, words: str
) -> None:
    response = httpx.get(f"{odd_server.url}/export/checks/{path}")
    assert (response.status_code, words in response.text) == (status, True)


def test_what_cannot_be_read_of_the_address_is_named(odd_server: Server) -> None:
    page = odd_server.page("to_check", [("check", "nothing"), ("minutes", "0")])
    warnings = " ".join(str(e["props"]["body"]) for e in elements(page, "warning"))
    assert "Minutes takes a whole number from 1 to 1,440" in warnings
    assert "Check takes what is offered" in warnings


def test_only_the_columns_of_a_check_are_shown() -> None:
    columns = {name: [0.5] for check in CHECKS for name in check.columns}
    frame = pd.DataFrame(columns)
    found = shown(BY_NAME["site_far_from_rest"], frame)
    assert list(found) == list(BY_NAME["site_far_from_rest"].columns)
    assert found["cancellation_rate"][0] == 50


def test_a_file_has_the_rows_in_the_order_of_the_page() -> None:
    check = BY_NAME["used_twice"]
    rows = [("C", "2016-01-03", "t", 1), ("B", "2016-01-02", "u", 2), ("A", "2016-01-02", "t", 3)]
    frame = pd.DataFrame(rows, columns=["code", check.sort, "tie", "second_tie"])
    frame = frame.reindex(columns=[*{*frame.columns, *check.columns}])
    table = ChecksFile(check).table(frame)
    assert check.descending
    assert list(table[label_of_check("code")]) == ["C", "A", "B"]
