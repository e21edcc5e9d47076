"""The filters of the sidebar in a real browser: folded, excluding, and by the keyboard alone."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import choose, settle, tile
from tests.support.server import Server


def test_what_is_unredeemed_and_expires_within_30_days_is_three_clicks(
    server: Server, page: Page
) -> None:
    page.goto(server.url)
    settle(page)
    page.get_by_text("More filters").click()
    page.locator(".st-key-status").get_by_text("Active").click()
    settle(page)
    page.locator(".st-key-expires").get_by_text("30 days").click()
    page.wait_for_url(re.compile("status=active&expiry_from=[0-9-]+&expiry_to=[0-9-]+$"))
    first, last = map(date.fromisoformat, re.findall(r"expiry_\w+=([0-9-]+)", page.url))
    assert last - first == timedelta(days=30)
    settle(page)
    # A click takes the days away again, and the list stays open under the hand.
    page.locator(".st-key-expires").get_by_text("30 days").click()
    page.locator(".st-key-status").get_by_text("Active").click()
    page.wait_for_url(lambda url: "?" not in url)
    settle(page)
    expect(page.locator(".st-key-status").get_by_text("Active")).to_be_visible()


def test_codes_expire_in_the_days_after_the_one_that_judges_their_status(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/?asof=2016-01-25")
    settle(page)
    page.locator(".st-key-expires").get_by_text("7 days").click()
    page.wait_for_url(re.compile("expiry_from=2016-01-25&expiry_to=2016-02-01"))


def test_the_further_filters_are_open_where_one_of_them_is_in_force(
    server: Server, page: Page
) -> None:
    page.goto(server.url)
    settle(page)
    expect(page.locator(".st-key-site")).to_be_hidden()
    page.goto(f"{server.url}/?site!=Site001")
    settle(page)
    expect(page.get_by_role("combobox", name=re.compile("Site is not"))).to_be_visible()
    expect(page.get_by_text("All codes, site not Site001")).to_be_visible()


def test_a_filter_turns_to_is_not_by_the_keyboard_and_back(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?asof=2016-02-10")
    settle(page)
    choose(page, "Code group", "SMS")
    assert tile(page, "Codes issued") == "4"
    page.locator(".st-key-is_group").get_by_role("radio", name="is", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("group(%21|!)=SMS"))
    settle(page)
    assert tile(page, "Codes issued") == "14"
    page.locator(".st-key-is_group").get_by_text("is", exact=True).click()
    page.wait_for_url(re.compile("group=SMS"))
    settle(page)
    assert tile(page, "Codes issued") == "4"


def test_both_what_is_chosen_and_what_is_excluded_have_a_list(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?group=SMS&group=Email&group!=SMS&asof=2016-02-10")
    settle(page)
    assert tile(page, "Codes issued") == "10"
    for label in ("Code group$", "Code group is not"):
        expect(page.get_by_role("combobox", name=re.compile(label))).to_be_visible()
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="not SMS").click()
    page.wait_for_url(lambda url: "%21" not in url and "!" not in url)
    settle(page)
    assert tile(page, "Codes issued") == "14"


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_date_that_is_typed_among_the_folded_filters_is_applied(
    server: Server, page: Page, key: str
) -> None:
    page.goto(server.url)
    settle(page)
    page.get_by_text("More filters").click()
    page.locator(".st-key-expiry_to").get_by_role("spinbutton").first.focus()
    page.keyboard.type("01022016")
    page.keyboard.press(key)
    expect(page).to_have_url(re.compile("expiry_to=2016-02-01"))
    settle(page)
    expect(page.get_by_text("All codes, expires until 1 Feb 2016")).to_be_visible()


@pytest.mark.parametrize("path", ["imports", "downloads", "audit"])
def test_a_page_that_no_filter_changes_shows_none_and_keeps_those_in_force(
    server: Server, page: Page, path: str
) -> None:
    page.goto(f"{server.url}/{path}?group=Email")
    settle(page)
    expect(page.locator(".st-key-group")).to_have_count(0)
    expect(page.get_by_text("More filters")).to_have_count(0)
    page.get_by_role("link", name="Overview").click()
    page.wait_for_url(re.compile(r"/\?group=Email$"))
