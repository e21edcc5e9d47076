"""Pages in a real browser over the fixtures."""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import choose, click_bar, click_dot, save_download, settle, tile
from tests.support.rows import Transaction
from tests.support.server import Server
from tests.support.stores import import_rows, opened

PAGES = ("", "codes", "batches", "transactions", "since", "imports")


def test_a_click_on_a_group_narrows_to_it_and_its_chip_takes_it_back(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/?asof=2016-02-10")
    settle(page)
    click_dot(page, "uptake_by_group", -1)  # the best rate: the newspaper's one code
    page.wait_for_url(re.compile("group=Newspaper"))
    assert tile(page, "Codes issued") == "1"
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Newspaper").click()
    page.wait_for_url(lambda url: "group" not in url)
    settle(page)
    assert tile(page, "Codes issued") == "18"
    assert "asof=2016-02-10" in page.url


def test_a_click_on_a_day_chooses_that_day(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?group=Email&asof=2016-02-10")
    settle(page)
    click_bar(page, "over_time", 0)  # 8 January, the first of Email
    page.wait_for_url(re.compile("from=2016-01-08&to=2016-01-08"))
    settle(page)
    assert tile(page, "Net redemptions") == "1"


def test_a_click_on_a_status_chooses_its_codes(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/codes?asof=2016-02-10")
    settle(page)
    click_bar(page, "status", -1)  # the most frequent one: seven redeemed codes
    page.wait_for_url(re.compile("status=redeemed"))
    settle(page)
    assert tile(page, "Codes issued") == "7"


def test_the_back_button_brings_the_filters_back(server: Server, page: Page) -> None:
    page.goto(server.url)
    settle(page)
    choose(page, "Code group", "Email")
    assert tile(page, "Codes issued") == "10"
    choose(page, "Batch", "1042")
    assert tile(page, "Codes issued") == "4"
    page.go_back()
    page.wait_for_url(lambda url: "batch" not in url)
    settle(page)
    assert tile(page, "Codes issued") == "10"


def test_clear_all_leaves_nothing_chosen(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?group=Email&site=Site001&from=2016-01-10&cancelled=no&status=active")
    settle(page)
    main = page.get_by_test_id("stMainBlockContainer")
    main.get_by_role("button", name="Clear all", exact=True).click()
    page.wait_for_url(lambda url: "=" not in url)
    settle(page)
    assert tile(page, "Codes issued") == "18"


def test_a_typed_start_of_codes_is_a_prefix(server: Server, page: Page) -> None:
    page.goto(server.url)
    settle(page)
    box = page.get_by_role("combobox", name=re.compile("Prefix"))
    box.click()
    box.fill("1E")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("prefix=1E"))
    settle(page)
    assert tile(page, "Codes issued") == "1"


def test_a_filter_is_chosen_by_keyboard_alone(server: Server, page: Page) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="Details").wait_for()  # a redraw would lose the focus
    settle(page)
    focused = ""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')") or ""
        if "Code group" in focused:
            break
    assert "Code group" in focused
    page.keyboard.type("SMS", delay=50)
    page.get_by_role("option", name=re.compile("SMS")).first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("group=SMS"))
    settle(page)
    assert tile(page, "Codes issued") == "4"


def test_the_codes_are_found_sorted_and_never_in_the_address(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/codes")
    settle(page)
    box = page.get_by_role("textbox", name=re.compile("Find a code"))
    box.fill("janeb")
    box.press("Enter")
    expect(page.get_by_text("4 codes found")).to_be_visible()
    settle(page)
    assert "janeb" not in page.url.lower()


def test_a_whole_code_is_found_alone_and_on_request_with_those_that_contain_it(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/codes")
    settle(page)
    box = page.get_by_role("textbox", name=re.compile("Find a code"))
    box.fill("JANEB0001")
    box.press("Enter")
    expect(page.get_by_text("1 code found, by its whole text")).to_be_visible()
    settle(page)
    page.get_by_text("Also codes that contain it").click()
    expect(page.get_by_text("1 code found", exact=True)).to_be_visible()


def near(value: object) -> object:
    """The value; of a rate as near as Excel keeps it, which is to 16 digits."""
    return pytest.approx(value) if isinstance(value, float) else value


def test_a_charts_table_is_saved_in_each_format(server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{server.url}/?group=Email&folder=January 2016&asof=2016-02-10")
    settle(page)
    page.locator(".st-key-table_over_time").get_by_role("button", name="Table").click()
    files = {label: save_download(page, label, tmp_path) for label in ("CSV", "Excel", "Parquet")}
    name = f"over-time_email_january-2016_{date.today()}"
    assert [file.name for file in files.values()] == [
        *(f"{name}.csv", f"{name}.xlsx", f"{name}.parquet")
    ]  # fmt: skip
    (sheet,) = openpyxl.load_workbook(files["Excel"]).worksheets
    header, first, *rest = sheet.iter_rows(values_only=True)
    assert header == (
        *("Period from", "Net redemptions", "Cancelled", "Cancellation rate", "Low", "High"),
        *("Whole", "Note"),
    )
    high = pytest.approx(0.7934506856227626)
    assert first == (datetime(2016, 1, 8), 1, 0, 0, 0, high, "Yes", "few")
    rows = [tuple(row.values()) for row in pq.read_table(files["Parquet"]).to_pylist()]
    assert rows == [tuple(near(value) for value in row) for row in (first, *rest)]
    text = files["CSV"].read_text("utf-8-sig").splitlines()
    assert text[1].startswith("08/01/2016 00:00,1,0,0.0,0.0,0.79345068562276")
    assert text[1].endswith(",Yes,few")
    assert len(text) == sheet.max_row


def test_the_table_of_the_batches_is_saved_as_a_whole(
    server: Server, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{server.url}/batches?group=Email&asof=2016-02-10")
    settle(page)
    file = save_download(page, "Excel", tmp_path)
    assert file.name == f"batches_email_{date.today()}.xlsx"
    (sheet,) = openpyxl.load_workbook(file).worksheets
    assert [row[0] for row in sheet.values] == ["Batch", "1042", "1041"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_a_phone(server: Server, browser: Browser, path: str, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{server.url}/{path}")
    settle(page)
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390
    assert not errors
    context.close()


def test_more_options_than_a_browser_should_hold_are_searched_on_the_server(
    tmp_path: Path, start: Callable[..., Server], page: Page
) -> None:
    path = tmp_path / "many.duckdb"
    rows = (Transaction(n, f"A{n}", site=f"Pub{n:05}") for n in range(1500))
    with opened(path) as store:
        import_rows(store, tmp_path / "transactions.csv", *rows)
    server = start(path, VOUCHERS_SAMPLE="0")
    page.goto(server.url)
    settle(page)
    page.get_by_text("More filters").click()
    search = page.get_by_role("textbox", name="Find a site")
    search.fill("pub01477")
    search.press("Enter")
    settle(page)
    choose(page, "^Site|Site$", "Pub01477")
    page.wait_for_url(re.compile("site=Pub01477"))
    assert tile(page, "Net redemptions") == "1"


def test_a_store_that_cannot_be_opened_is_explained_on_the_page(
    tmp_path: Path, start: Callable[..., Server], page: Page
) -> None:
    path = tmp_path / "broken.duckdb"
    path.write_bytes(b"this is no database" * 1000)
    server = start(path, VOUCHERS_SAMPLE="0")
    page.goto(server.url)
    expect(page.get_by_text("The data cannot be opened")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    assert path.read_bytes().startswith(b"this is no database")


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_typed_date_is_applied_by_enter_and_by_tab(server: Server, page: Page, key: str) -> None:
    page.goto(server.url)
    settle(page)
    page.locator(".st-key-from").get_by_role("spinbutton").first.focus()
    page.keyboard.type("08012016")
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile("from=2016-01-08"))
    # The keyboard goes on from the field.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("09012016")
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile("from=2016-01-08&to=2016-01-09"))


def test_a_click_on_a_header_sorts_all_rows_and_nothing_leaves_by_the_toolbar(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/codes")
    settle(page)
    rows = page.locator(".st-key-rows_codes")
    grid = rows.locator("canvas").first
    grid.scroll_into_view_if_needed()
    first = rows.locator("tbody tr td").first
    for code, descending in (("0012345", False), ("TRUE", True)):
        grid.click(position={"x": 80, "y": 15}, force=True)  # the header of the codes
        expect(page.locator(".st-key-codes_sort input")).to_have_value("Code")
        toggle = page.locator(".st-key-codes_descending input")
        expect(toggle).to_be_checked(checked=descending)
        expect(first).to_have_text(code)
    grid.hover(force=True)
    assert page.get_by_role("button", name=re.compile("Download as CSV")).count() == 0


def test_a_step_back_leads_to_the_view_before_with_its_filters(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?group=Email&group=SMS")
    settle(page)
    for name, path in (("Codes", "codes"), ("Transactions", "transactions")):
        page.get_by_role("link", name=name).first.click()
        page.wait_for_url(re.compile(f"/{path}\\?group=Email&group=SMS$"))
        settle(page)
    for path in ("/codes", "/"):
        page.go_back()
        page.wait_for_url(re.compile(f"[0-9]{path}\\?group=Email&group=SMS$"))
        settle(page)
        heading = page.get_by_test_id("stMain").locator("strong").first
        expect(heading).to_have_text("Email and SMS")
