"""The comparison in a real browser: by the keyboard, back and forth, and in two tabs."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import MINUTE, choose, settle, tile
from tests.support.server import Server

AS_OF = "asof=2016-02-10"


def main(page: Page) -> str:
    return page.get_by_test_id("stMainBlockContainer").inner_text()


def test_the_switch_works_by_the_keyboard_and_a_step_back_takes_it_back(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/?group=SMS&{AS_OF}")
    settle(page)
    switch = page.get_by_role("combobox", name=re.compile("Compare with"))
    switch.focus()
    page.keyboard.type("Everything")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"group=SMS&{AS_OF}&compare=rest$"), timeout=MINUTE)
    settle(page)
    assert tile(page, "Codes issued") == "4"
    assert "Everything else: 14" in main(page)
    page.go_back()
    page.wait_for_url(re.compile(f"group=SMS&{AS_OF}$"))
    settle(page)
    assert "Everything else:" not in main(page)
    page.go_forward()
    page.wait_for_url(re.compile("compare=rest$"))
    settle(page)
    assert "Everything else: 14" in main(page)


def test_a_second_choice_is_filtered_beside_the_first_and_kept_on_other_pages(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/?group=SMS&{AS_OF}")
    settle(page)
    switch = page.get_by_role("combobox", name=re.compile("Compare with"))
    switch.focus()
    page.keyboard.type("Another")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"b.group=SMS&b.{AS_OF}$"), timeout=MINUTE)
    settle(page)
    page.get_by_role("button", name="SMS", exact=True).nth(1).click()
    page.wait_for_url(re.compile(f"group=SMS&{AS_OF}&b.{AS_OF}$"))
    settle(page)
    second = page.locator(".st-key-second_choice")
    box = second.get_by_role("combobox", name=re.compile("Code group"))
    box.click()
    box.fill("Email")
    page.get_by_role("option", name=re.compile("Email")).first.click()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("b.group=Email"))
    settle(page)
    assert "Email: 10" in main(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Codes", exact=True).click()
    page.wait_for_url(re.compile("/codes.*b.group=Email"))
    settle(page)
    assert "Email: 10" in main(page)
    rows = page.get_by_role("radiogroup", name=re.compile("Rows and file of"))
    rows.get_by_text("Email", exact=True).click()
    page.wait_for_url(re.compile("of=B"))
    settle(page)
    expect(page.get_by_role("link", name="Download CSV (10 rows)")).to_be_visible()
    page.get_by_role("button", name="Stop comparing").click()
    page.wait_for_url(lambda url: "b.group" not in url)
    settle(page)
    expect(page.get_by_role("link", name="Download CSV (4 rows)")).to_be_visible()


def test_each_tab_compares_with_its_own_choice(server: Server, page: Page) -> None:
    other = page.context.new_page()
    page.goto(f"{server.url}/?group=SMS&{AS_OF}&b.group=Email&b.{AS_OF}")
    other.goto(f"{server.url}/?group=SMS&{AS_OF}")
    settle(page)
    settle(other)
    choose(other, "Compare with", "Everything else")
    assert "Everything else: 14" in main(other)
    page.reload()
    settle(page)
    assert "Email: 10" in main(page)
    assert "Everything else:" not in main(page)
