"""A checked list is the filter of all pages in a real browser, until it is removed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import MINUTE, settle, tile
from tests.support.imports_page import Start
from tests.support.rows import SECRET, Code, Transaction
from tests.support.vouchers import Vouchers

CODES = [f"{SECRET}{number:05d}" for number in range(0, 300, 10)]
NOT_IN_VIEW = "The list of codes is not in the view."


@pytest.fixture
def shop(vouchers: Vouchers) -> Path:
    """30 codes, 12 of which are redeemed."""
    vouchers.load(*map(Code, CODES))
    vouchers.load(*(Transaction(n, code) for n, code in enumerate(CODES[:12], 1)))
    vouchers.store.close()
    return vouchers.store.path


def open_page(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible(timeout=MINUTE)
    settle(page)


def test_a_checked_list_is_the_filter_of_all_pages_until_it_is_removed(
    shop: Path, start: Start, page: Page
) -> None:
    server = start(shop, VOUCHERS_SAMPLE="0")
    page.goto(f"{server.url}/check_list")
    settle(page)
    page.get_by_label("Paste codes").fill("\n".join([*CODES[10:15], CODES[20].lower()]))
    page.get_by_role("button", name="Check the list").click()
    page.get_by_role("button", name="Use this list as a filter").click(timeout=MINUTE)
    expect(page.get_by_text("All codes in a list of 6 codes")).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("1 code is unknown; 1 of them has a near miss")).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]list=[\w-]{12}"), timeout=MINUTE)
    settle(page)

    open_page(page, "Overview")
    chip = page.get_by_role("button", name="a list of 6 codes")
    expect(chip).to_be_visible()
    assert (tile(page, "Codes issued"), tile(page, "Redeemed codes")) == ("5", "2")
    address = page.url
    assert SECRET.lower() not in address.lower()
    page.reload()
    settle(page)
    assert tile(page, "Codes issued") == "5"

    page.get_by_test_id("stSidebar").get_by_text("Views", exact=True).click()
    page.get_by_label("Save this view as").fill("Without")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(NOT_IN_VIEW)).to_be_visible(timeout=MINUTE)
    without = page.get_by_role("link", name="Without", exact=True)
    assert "list=" not in (without.get_attribute("href") or "")
    settle(page)
    page.get_by_text("With the list of codes", exact=True).click()
    page.get_by_label("Save this view as").fill("With it")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="With it", exact=True)).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text(NOT_IN_VIEW)).to_have_count(0)
    settle(page)

    chip.click()
    expect(chip).to_have_count(0, timeout=MINUTE)
    settle(page)
    assert tile(page, "Codes issued") == "30"
    page.go_back()
    expect(chip).to_be_visible(timeout=MINUTE)
    settle(page)
    assert tile(page, "Codes issued") == "5"
    saved = shop.with_name(f"{shop.name}.views.json")
    views = saved if saved.exists() else shop.with_suffix(".views.json")
    text = views.read_text("utf-8")
    assert text.count("list=") == 1
    assert SECRET.lower() not in text.lower()

    server.process.terminate()
    server.process.wait(30)
    again = start(shop, VOUCHERS_SAMPLE="0")
    page.goto(f"{again.url}/?{address.partition('?')[2]}")
    gone = page.get_by_text("This list is not known here any more: check it again.")
    expect(gone).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("No code and no redemption matches these filters.")).to_be_visible()
