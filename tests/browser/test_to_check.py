"""The page To check in a real browser: the address keeps what is chosen on it."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import open_row_by_keyboard, settle
from tests.support.server import Server


def test_a_threshold_and_a_check_stand_in_the_address_and_are_there_again(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/to_check?check=used_twice")
    settle(page)
    expect(page.get_by_role("heading", name="Used more than once")).to_be_visible()
    page.get_by_text("95 %", exact=True).click()
    page.wait_for_url(re.compile("limits=95"))
    assert "check=used_twice" in page.url
    page.goto(page.url)
    settle(page)
    expect(page.get_by_role("heading", name="Used more than once")).to_be_visible()


def test_the_notes_of_an_import_lead_to_their_check(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/imports?selected=5")
    settle(page)
    page.get_by_role("link", name="Unknown code").first.click()
    page.wait_for_url(re.compile(r"/to_check\?check=unknown_code"))
    settle(page)
    expect(page.get_by_role("heading", name="Unknown code")).to_be_visible()


def test_a_row_leads_to_the_page_of_its_code_by_the_keyboard(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/to_check?check=used_twice")
    settle(page)
    choices = page.locator(".st-key-open_rows_of_used_twice input")
    open_row_by_keyboard(page, choices)
