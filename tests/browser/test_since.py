"""The page “Since last Monday” in a real browser."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect

from data.store.database import Store
from tests.support.browser import click_bar, save_download, settle, tile
from tests.support.server import Server
from tests.support.since import fill_two_weeks
from tests.support.vouchers import Vouchers


def test_the_heading_leads_to_what_changed_and_a_click_narrows_its_lists_and_files(
    start: Callable[..., Server], page: Page, tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    with closing(Store(tmp_path / "store" / "vouchers.duckdb")) as store:
        fill_two_weeks(Vouchers(store, tmp_path))
    server = start(store.path, VOUCHERS_SAMPLE="0")
    page.goto(server.url)
    settle(page)
    page.get_by_role("link", name="3 imports since Monday, 23 Nov").click()
    page.wait_for_url(re.compile("/since"))
    settle(page)
    assert (tile(page, "New codes"), tile(page, "Gone")) == ("3", "1")
    click_bar(page, "since", 0)  # batch 8, the lower one
    page.wait_for_url(re.compile("batch=8"))
    settle(page)
    assert (tile(page, "New codes"), tile(page, "Gone")) == ("2", "0")
    page.goto(f"{server.url}/since?change=newly+redeemed")
    settle(page)
    listed = page.get_by_role("region", name="Newly redeemed, one code per row")
    listed.wait_for()
    page.get_by_text("CSV (2 rows)").wait_for()
    expect(listed.locator("tbody tr td").first).to_have_text("A1")
    file = save_download(page, "CSV (2 rows)", tmp_path)
    assert [line.split(",")[2] for line in file.read_text().splitlines()] == ["Code", "A1", "A2"]
