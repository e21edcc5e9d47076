"""The page Pivot by keyboard, in another browser, and narrowed by a row."""

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import MINUTE, save_download, settle
from tests.support.server import Server


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Page]:
    """A tab of another person's browser."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def pick(page: Page, control: str, option: str) -> None:
    """Choose an option by the keyboard alone."""
    page.get_by_role("combobox", name=re.compile(control)).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.type(option)
    page.keyboard.press("Enter")


def cells(page: Page) -> list[str]:
    """The texts of the table, once it is drawn, as a reader of the screen hears them."""
    found = page.locator("[class*=st-key-pivot_rows] tbody td")
    found.first.wait_for(state="attached", timeout=MINUTE)
    return found.all_inner_texts()


def test_a_pivot_is_made_by_keyboard_and_is_the_same_in_another_browser(
    server: Server, page: Page, elsewhere: Page, tmp_path: Path
) -> None:
    page.goto(f"{server.url}/pivot?asof=2016-02-10")
    settle(page)
    pick(page, "Rows", "Site")
    page.wait_for_url(re.compile("&rows=site$"))
    settle(page)
    pick(page, "Columns", "Weekday")
    page.wait_for_url(re.compile("&rows=site&columns=weekday$"))
    settle(page)
    page.get_by_role("switch", name=re.compile("Mean per day")).focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("&per_day=yes$"))
    settle(page)
    title = "Net redemptions per day by site and weekday"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    elsewhere.goto(page.url)
    settle(elsewhere)
    expect(elsewhere.get_by_role("heading", name=title)).to_be_visible(timeout=MINUTE)
    assert elsewhere.url == page.url
    assert cells(elsewhere) == cells(page) != []
    sheet = openpyxl.load_workbook(save_download(elsewhere, "Excel", tmp_path)).active
    assert [cell.value for cell in sheet[1]] == [
        *("Site", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Total")
    ]


def test_a_selected_row_narrows_everything_to_it(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/pivot?asof=2016-02-10&columns=none")
    settle(page)
    table = page.locator("[class*=st-key-pivot_rows]").get_by_test_id("stDataFrame")
    table.click(position={"x": 20, "y": 52})  # the box before the first row
    page.wait_for_url(re.compile(r"[?&]group="))
    settle(page)
    assert cells(page)[-2:] == ["Total", cells(page)[1]]
