"""The keyboard: / leads to the search for a code, and every mark of a chart can be reached."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.support.browser import CODE_PAGE, MINUTE, SOON, open_row_by_keyboard, settle, tile
from tests.support.pages import PAGES
from tests.support.server import Server

FIELD = ".st-key-find_code input"


def press_slash(page: Page) -> None:
    """Press / until the field has the keyboard: who is quicker than the page presses again."""
    field = page.locator(FIELD)
    field.wait_for()
    for _ in range(60):
        page.keyboard.press("/")
        page.wait_for_timeout(250)
        if field.evaluate("field => field === document.activeElement"):
            return
    raise AssertionError("The key / leads nowhere.")


@pytest.mark.parametrize("path", PAGES)
def test_the_key_slash_leads_to_the_search_from_every_page(
    server: Server, page: Page, path: str
) -> None:
    page.goto(f"{server.url}/{path}")
    settle(page)
    press_slash(page)
    page.keyboard.type("a/b")
    expect(page.locator(FIELD)).to_have_value("a/b")


def test_a_slash_that_is_typed_into_another_field_stays_there(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/codes")
    settle(page)
    box = page.get_by_role("textbox", name="Find a code", exact=True)
    box.click()
    page.keyboard.type("A/B")
    expect(box).to_have_value("A/B")


def test_a_code_is_searched_for_from_another_page_and_stands_in_no_address(
    server: Server, page: Page
) -> None:
    addresses: list[str] = []
    page.on("framenavigated", lambda frame: addresses.append(frame.url))
    page.goto(f"{server.url}/transactions?group=Email")
    settle(page)
    press_slash(page)
    page.keyboard.type("JANEB0001")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/code\?group=Email&opened=[\w-]{22}$"))
    expect(page.get_by_role("heading", name="JANEB0001")).to_be_visible(timeout=MINUTE)
    settle(page)
    expect(page.locator(FIELD)).to_have_value("")
    assert not [address for address in addresses if "JANEB" in address.upper()]
    assert "JANEB" not in page.title()
    page.reload()
    expect(page.get_by_role("heading", name="JANEB0001")).to_be_visible(timeout=MINUTE)


def test_a_part_of_a_code_is_searched_for_on_the_codes_page(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/transactions?group=Email")
    settle(page)
    press_slash(page)
    page.keyboard.type("JANEB000")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/codes\?group=Email$"))
    expect(page.get_by_text(re.compile("codes? found"))).to_be_visible(timeout=MINUTE)
    settle(page)
    expect(page.locator(FIELD)).to_have_value("")
    # The rows come first, before the chart.
    titles = page.get_by_test_id("stMain").get_by_role("heading", level=3)
    assert titles.all_inner_texts()[0] == "The codes"


def click_first_row(page: Page, table: Locator) -> None:
    """Open the first row; what is drawn above it may still move it."""
    for _ in range(5):
        table.scroll_into_view_if_needed()
        box = table.locator("canvas").first.bounding_box()
        assert box
        page.mouse.click(box["x"] + 12, box["y"] + 52)  # the box before the first row
        with suppress(TimeoutError):
            page.wait_for_url(CODE_PAGE, timeout=SOON)
            return
    raise AssertionError("A click opens no row.")


@pytest.mark.parametrize("path", ["codes", "transactions"])
def test_a_row_of_a_list_opens_the_page_of_its_code_by_click_and_by_keyboard(
    server: Server, page: Page, path: str
) -> None:
    page.goto(f"{server.url}/{path}")
    settle(page)
    table = page.locator(f".st-key-rows_{path}")
    click_first_row(page, table)
    code = page.get_by_role("heading", level=2).inner_text()
    page.go_back()
    settle(page)
    choices = page.locator(f".st-key-open_rows_{path} input")
    open_row_by_keyboard(page, choices, f"1: {code} · ")
    expect(page.get_by_role("heading", level=2)).to_have_text(code)


def test_every_mark_of_a_chart_is_chosen_by_keyboard(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?asof=2016-02-10")
    page.get_by_role("button", name="Details").wait_for()
    settle(page)
    narrowing = page.locator(".st-key-narrow_uptake_by_group input")
    for _ in range(5):  # on a busy machine a redraw may still take the focus away
        page.locator(".st-key-how_uptake_by_group").get_by_role("button").focus()
        page.keyboard.press("Tab")  # the pin
        page.keyboard.press("Tab")
        page.wait_for_timeout(500)
        if narrowing.evaluate("field => field === document.activeElement"):
            break
    expect(narrowing).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    names = page.locator(".st-key-chart_uptake_by_group .ytick text").all_text_contents()
    options = page.get_by_role("option").all_inner_texts()
    assert [option.replace(" ", "\u00a0") for option in options] == names[::-1]  # the top first
    page.keyboard.type("SMS")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("group=SMS"))
    settle(page)
    assert tile(page, "Codes issued") == "4"


def test_the_pointer_is_a_hand_where_a_click_narrows_and_only_there(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/?asof=2016-02-10")
    settle(page)
    for chart, mark, cursor in (
        ("by_site", ".trace.bars .point path", "pointer"),
        ("weekday_hour", ".heatmaplayer image", "default"),
    ):
        drawn = page.locator(f".st-key-chart_{chart}")
        drawn.scroll_into_view_if_needed()
        box = drawn.locator(mark).first.bounding_box()
        assert box
        for step in range(1, 6):
            page.mouse.move(box["x"] + step, box["y"] + step)
        expect(drawn.locator(".nsewdrag").first).to_have_css("cursor", cursor)
