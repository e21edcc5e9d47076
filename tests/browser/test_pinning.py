"""Cards are pinned to a notebook by the keyboard alone."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from queries.notebooks.document import read
from queries.notebooks.meaning import meanings
from tests.support.accessible import open_page, violations
from tests.support.browser import MINUTE, REDRAWS, SOON, pick_of, settle
from tests.support.server import Server, serving
from tests.support.stores import copied


@pytest.fixture
def pins(fixture_file: Path, tmp_path: Path) -> Iterator[Server]:
    """An app with a folder of notebooks of the test's own: a second try finds it empty too."""
    with serving(
        copied(fixture_file, tmp_path),
        tmp_path / "server.log",
        VOUCHERS_SAMPLE="0",
        VOUCHERS_NOTEBOOKS=str(tmp_path / "notebooks"),
    ) as running:
        yield running


def open_dialog(page: Page, card: str) -> Locator:
    """The dialog of a card's button, which Tab has reached from the one before it."""
    pin = page.locator(f".st-key-pin_{card} button")
    for _ in range(REDRAWS):
        page.locator(f".st-key-how_{card} button").press("Tab")
        with suppress(AssertionError):  # where a redraw has taken the focus
            expect(pin).to_be_focused(timeout=SOON)
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox")).to_be_visible(timeout=MINUTE)
    return dialog


def name_a_new_one(page: Page, dialog: Locator, name: str) -> None:
    pick_of(page, dialog.get_by_role("combobox"), "A new notebook")
    dialog.get_by_label("Its name").fill(name)


def tab_to(page: Page, element: Locator) -> None:
    for _ in range(6):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(element).to_be_focused()


def test_three_cards_are_pinned_by_keyboard(pins: Server, page: Page) -> None:
    open_page(page, f"{pins.url}/?group=Email&asof=2016-02-10")
    dialog = open_dialog(page, "over_time")
    tab_to(page, dialog.get_by_label("Its name"))
    page.keyboard.type("Monday report")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Pinned to “Monday report”")).to_be_visible(timeout=MINUTE)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for card in ("by_site", "status"):
        dialog = open_dialog(page, card)
        tab_to(page, dialog.get_by_role("button", name="Pin", exact=True))
        page.keyboard.press("Enter")
        expect(dialog.get_by_text("Pinned to “Monday report”")).to_be_visible(timeout=MINUTE)
        page.keyboard.press("Escape")
        settle(page)
    document = read((pins.store.parent / "notebooks" / "Monday report.md").read_text("utf-8"))
    assert document.filter == "group=Email&asof=2016-02-10"
    assert [meaning.name for meaning in meanings(document)] == ["over_time", "by_site", "status"]
    assert page.url.endswith("/?group=Email&asof=2016-02-10")


def test_the_notice_leads_to_the_notebook_also_to_one_that_was_open(
    pins: Server, page: Page
) -> None:
    open_page(page, f"{pins.url}/?asof=2016-02-10")
    for cells, card in enumerate(("status", "by_site"), start=1):
        dialog = open_dialog(page, card)
        if cells == 1:
            name_a_new_one(page, dialog, "Followed")
        dialog.get_by_role("button", name="Pin", exact=True).click()
        dialog.get_by_role("link", name="Open the notebook").click()
        expect(page.get_by_role("heading", name="Followed", level=1)).to_be_visible(timeout=MINUTE)
        settle(page)
        expect(page.locator(".js-plotly-plot:visible")).to_have_count(cells, timeout=MINUTE)
        page.get_by_test_id("stSidebar").get_by_role("link", name="Overview").click()
        settle(page)


def test_rows_that_rerun_alone_are_pinned_too(pins: Server, page: Page) -> None:
    open_page(page, f"{pins.url}/codes")
    page.locator(".st-key-pin_codes button").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox")).to_be_visible(timeout=MINUTE)
    assert violations(page) == []
    name_a_new_one(page, dialog, "Rows")
    dialog.get_by_role("button", name="Pin", exact=True).click()
    expect(dialog.get_by_text("Pinned to “Rows")).to_be_visible(timeout=MINUTE)
