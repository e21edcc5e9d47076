"""The address is the view: grain, measure, sort, page of rows and opened parts."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import MINUTE, choose, pick_of, settle
from tests.support.imports_page import make_store
from tests.support.server import Server, serving


@pytest.fixture(scope="module")
def many_codes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app over 260 codes, which are six pages of rows."""
    folder = tmp_path_factory.mktemp("many")
    store = make_store(folder / "vouchers.duckdb", 260)
    with serving(store, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.fixture
def elsewhere(browser: Browser) -> Iterator[Page]:
    """A tab of another person's browser."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def pick(page: Page, text: str) -> None:
    """Press a button of a segmented control."""
    page.get_by_test_id("stMain").get_by_role("radio", name=text, exact=True).click()


def is_picked(page: Page, text: str) -> None:
    control = page.get_by_test_id("stMain").get_by_role("radio", name=text, exact=True)
    expect(control).to_be_checked(timeout=MINUTE)


def test_grain_measure_and_opened_parts_are_the_same_in_another_browser(
    server: Server, page: Page, elsewhere: Page
) -> None:
    page.goto(f"{server.url}/?asof=2016-02-10")
    settle(page)
    assert page.url.endswith("/?asof=2016-02-10")  # what nobody has chosen is not in it
    pick(page, "Week")
    page.wait_for_url(re.compile("asof=2016-02-10&grain=week$"))
    settle(page)
    pick(page, "Cancellation rate")
    page.wait_for_url(re.compile("&show=rate$"))
    settle(page)
    page.get_by_text("More numbers").click()
    page.wait_for_url(re.compile("&more=yes$"))
    elsewhere.goto(page.url)
    settle(elsewhere)
    is_picked(elsewhere, "Week")
    is_picked(elsewhere, "Cancellation rate")
    expect(elsewhere.get_by_text("Units given")).to_be_visible()
    assert elsewhere.url == page.url


def test_sort_and_page_of_rows_are_the_same_in_another_browser(
    many_codes: Server, page: Page, elsewhere: Page
) -> None:
    page.goto(f"{many_codes.url}/codes")
    settle(page)
    pick_of(page, page.locator(".st-key-codes_sort").get_by_role("combobox"), "Code")
    page.wait_for_url(re.compile(r"\?sort=code$"))
    settle(page)
    page.locator(".st-key-codes_descending").get_by_text("Descending").click()
    page.wait_for_url(re.compile(r"\?sort=code&down=no$"))
    settle(page)
    page.locator(".st-key-codes_page").get_by_role("button", name="Page 3", exact=True).click()
    page.wait_for_url(re.compile(r"\?sort=code&down=no&page=3$"))
    settle(page)
    expect(page.get_by_text("Rows 101–150 of 260")).to_be_visible()
    first = page.locator(".st-key-rows_codes tbody tr td").first
    elsewhere.goto(page.url)
    settle(elsewhere)
    expect(elsewhere.get_by_text("Rows 101–150 of 260")).to_be_visible()
    there = elsewhere.locator(".st-key-rows_codes tbody tr td").first
    assert there.inner_text() == first.inner_text()


def test_a_step_back_takes_back_one_choice_of_a_control(many_codes: Server, page: Page) -> None:
    page.goto(f"{many_codes.url}/codes?sort=code")
    settle(page)
    for number in ("2", "4"):
        page.locator(".st-key-codes_page").get_by_role(
            "button", name=f"Page {number}", exact=True
        ).click()
        page.wait_for_url(re.compile(f"page={number}$"))
        settle(page)
    page.go_back()
    page.wait_for_url(re.compile("page=2$"))
    expect(page.get_by_text("Rows 51–100 of 260")).to_be_visible()
    settle(page)
    page.go_back()
    page.wait_for_url(re.compile(r"\?sort=code$"))
    expect(page.get_by_text("Rows 1–50 of 260")).to_be_visible()


def test_other_filters_begin_with_the_first_page_of_rows_in_one_step(
    many_codes: Server, page: Page
) -> None:
    page.goto(f"{many_codes.url}/codes?sort=code&page=3")
    settle(page)
    choose(page, "Code group", "Old")
    page.wait_for_url(re.compile(r"\?group=Old&sort=code$"))
    expect(page.get_by_text("Rows 1–50 of 260")).to_be_visible()
    page.go_back()
    page.wait_for_url(re.compile(r"\?sort=code&page=3$"))
    expect(page.get_by_text("Rows 101–150 of 260")).to_be_visible()


def test_a_change_of_page_takes_the_filters_along_and_no_control(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/?group=Email&grain=week&more=yes")
    settle(page)
    page.get_by_role("link", name="Transactions").first.click()
    page.wait_for_url(re.compile(r"/transactions\?group=Email$"))
    settle(page)
    page.go_back()
    page.wait_for_url(re.compile(r"/\?group=Email&grain=week&more=yes$"))
    settle(page)
    is_picked(page, "Week")


def test_the_selected_download_is_in_the_address(
    tmp_path: Path, start: Callable[..., Server], context: BrowserContext, elsewhere: Page
) -> None:
    server = start(make_store(tmp_path / "vouchers.duckdb", 3), VOUCHERS_SAMPLE="0")
    receipt = context.request.get(f"{server.url}/export/codes.csv").headers["x-receipt"]
    receipt_id = receipt.rpartition("/")[2].removesuffix(".json")
    elsewhere.goto(f"{server.url}/downloads?selected={receipt_id}")
    settle(elsewhere)
    expect(elsewhere.get_by_text("SHA-256 of the file")).to_be_visible()
