"""Downloads and receipts in a real browser."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, expect

from tests.support.browser import settle
from tests.support.downloads import download, history_of_text, receipt_of
from tests.support.read_back import read_parquet, read_sheets, typed_value
from tests.support.server import Server


def test_the_address_loses_its_receipt_when_the_filters_or_the_page_change(
    server: Server, context: BrowserContext
) -> None:
    receipt = receipt_of(
        server, download(server, "/export/codes.csv?group=Email&folder=January 2016")
    )
    page = context.new_page()
    note = page.get_by_text("This is the view of the download")

    def opened() -> None:
        page.goto(server.url + receipt["url"])
        settle(page)
        expect(note).to_be_visible()
        assert page.url.endswith(receipt["receipt"])

    opened()
    page.get_by_role("button", name="Email", exact=True).first.click()
    settle(page)
    expect(note).not_to_be_visible()
    assert "receipt" not in page.url
    opened()
    page.get_by_role("link", name="Batches").first.click()
    settle(page)
    expect(note).not_to_be_visible()
    assert "receipt" not in page.url
    assert "group=Email" in page.url


def test_each_format_is_downloaded_from_the_codes_page_with_every_code_unchanged(
    server: Server, context: BrowserContext, tmp_path: Path
) -> None:
    text = download(server, "/export/codes.csv").text
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    wanted = [header, *([typed_value(n, t) for n, t in zip(header, r, strict=True)] for r in rows)]
    read: dict[str, Callable[[Path], list[list[Any]]]] = {
        "Excel": lambda file: read_sheets(file)[0],
        "Parquet": read_parquet,
    }
    page = context.new_page()
    page.goto(f"{server.url}/codes")
    settle(page)

    def save(label: str) -> Path:
        link = page.get_by_role("link", name=f"Save as {label} (18 rows)")
        with page.expect_download() as started:
            link.click()
        file = tmp_path / started.value.suggested_filename
        started.value.save_as(file)
        return file

    page.get_by_role("button", name="Other formats").click()
    file = save("CSV")
    assert file.name == f"codes_{date.today()}.csv"
    assert file.read_text("utf-8") == text
    for label, ending in (("Excel", "xlsx"), ("Parquet", "parquet")):
        page.get_by_role("radio", name=label).or_(
            page.get_by_role("button", name=label, exact=True)
        ).first.click()
        settle(page)
        file = save(label)
        assert file.name == f"codes_{date.today()}.{ending}"
        assert read[label](file) == wanted


def test_the_downloads_page_lists_the_downloads_that_held_a_code(
    server: Server, context: BrowserContext
) -> None:
    download(server, "/export/codes.csv?group=Email")
    page = context.new_page()
    page.goto(f"{server.url}/downloads")
    settle(page)
    box = page.get_by_role("textbox", name="Code", exact=True)
    box.fill("NOBODY-HAS-IT")
    box.press("Enter")
    # Files of other tests on this server may be such of which it cannot be known.
    none = page.get_by_text(re.compile("None of the downloads .{0,20} ?held this code"))
    expect(none).to_be_visible()
    box.fill("JANE7K2QD")
    box.press("Enter")
    expect(none).not_to_be_visible()
    settle(page)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
    assert "JANE7K2QD" not in page.url
    assert "JANE7K2QD" not in history_of_text(server) + server.log.read_text("utf-8")
