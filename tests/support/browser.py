"""Reads and drives a page in the browser."""

import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError, expect

# The widget that says so comes late: a run may wait before its first chart meanwhile.
RUNNING = (
    "[data-testid=stStatusWidget], [data-stale=true], "
    "[data-testid=stApp][data-test-script-state=running]"
)
# An element of which the browser still loads the code: it can neither be focused nor clicked.
UNDRAWN = "[data-testid=stSkeleton]"
MINUTE = 60_000
SOON = 5_000
REDRAWS = 3
CODE_PAGE = re.compile(r"/code\?opened=[\w-]{22}$")


def settle(page: Page) -> None:
    """Wait until the run of the page has finished and its elements are drawn."""
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(300)
    # Not wait_for_function(): the page's policy lets nobody evaluate a text again and again.
    expect(page.locator(RUNNING)).to_have_count(0, timeout=MINUTE)
    expect(page.locator(UNDRAWN)).to_have_count(0, timeout=MINUTE)


def open_row_by_keyboard(page: Page, choices: Locator, first: str = "") -> None:
    """Open the page of the first code that a field offers, whose words begin so.

    On a busy machine a redraw may still take the focus away, or what is marked.
    """
    for _ in range(10):
        choices.focus()
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(1000)
        if page.get_by_role("option").count():
            assert page.get_by_role("option").first.inner_text().startswith(first)
            page.keyboard.press("Enter")
        with suppress(TimeoutError):
            page.wait_for_url(CODE_PAGE, timeout=SOON)
            return
        page.keyboard.press("Escape")  # a second arrow would mark the second code
    raise AssertionError("The keyboard opens no row.")


def open_page(page: Page, name: str, section: str) -> None:
    """Click the link to a page in its section of the sidebar, which is opened if it is not."""
    sidebar = page.get_by_test_id("stSidebar")
    title = sidebar.locator("summary").filter(has_text=section)
    title.wait_for()
    link = sidebar.get_by_role("link", name=name, exact=True)
    if not link.count():
        title.click()
    link.first.click()


def tile(page: Page, label: str) -> str:
    """The value of a tile, as it stands on the screen."""
    found = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    return found.get_by_test_id("stMetricValue").inner_text()


def pick_of(page: Page, box: Locator, option: str) -> None:
    """Choose an option of a list. On a busy machine a redraw may close what was opened."""
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(REDRAWS):
        box.click()
        with suppress(TimeoutError):
            wanted.wait_for(timeout=SOON)
            break
    wanted.click()


def choose(page: Page, label: str, typed: str) -> None:
    """Add a value to a filter of the sidebar, by typing a part of it."""
    box = page.get_by_role("combobox", name=re.compile(label))
    box.click()
    box.fill(typed)
    page.get_by_role("option", name=re.compile(re.escape(typed))).first.click()
    page.keyboard.press("Escape")
    settle(page)


def click_bar(page: Page, chart: str, number: int) -> None:
    """Click a bar of the first trace of a chart; 0 is the lowest, or the leftmost."""
    bars = page.locator(f".st-key-chart_{chart} .trace.bars").first.locator(".point path")
    bars.nth(number).scroll_into_view_if_needed()
    bars.nth(number).click(force=True)
    settle(page)


def click_dot(page: Page, chart: str, number: int) -> None:
    """Click a dot of a chart of rates; 0 is the lowest."""
    dots = page.locator(f".st-key-chart_{chart} .scatterlayer .point")
    dots.nth(number).scroll_into_view_if_needed()
    dots.nth(number).click(force=True)
    settle(page)


def save_download(page: Page, label: str, folder: Path) -> Path:
    """The file that a visible download link gives, under the name that it comes with."""
    link = page.get_by_test_id("stLinkButton").get_by_role("link", name=label, exact=True)
    address = link.locator("visible=true").first.get_attribute("href")
    with page.expect_download() as started:
        # In this tab: a headless browser tells the download of another tab to nobody.
        page.evaluate("address => { window.location.href = address }", address)
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    return file
