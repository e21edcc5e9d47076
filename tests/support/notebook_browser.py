"""Drives the page of a notebook in the browser."""

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import MINUTE, settle
from tests.support.server import Server

CELLS = "[class*='st-key-cell_']"
MARK = ".stMarkdownBadge"


def open_notebook(page: Page, server: Server, name: str) -> None:
    """Open a notebook at its address, and wait until its cells have run."""
    page.goto(f"{server.url}/notebook?name={name.replace(' ', '+')}")
    page.get_by_role("button", name="Add a cell").wait_for(timeout=MINUTE)  # the last of all
    ready(page)


def make_notebook(page: Page, server: Server, name: str) -> None:
    """Make a notebook on the page of all notebooks, which opens it."""
    page.goto(f"{server.url}/notebooks")
    settle(page)
    page.get_by_role("textbox", name="A new notebook").fill(name)
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("heading", name=name, level=1).wait_for()
    ready(page)


def ready(page: Page) -> None:
    """Wait until the page has run, and every cell of it."""
    settle(page)
    running = page.locator(MARK).filter(has_text="running")
    expect(running).to_have_count(0, timeout=MINUTE)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=MINUTE)
    settle(page)


def press(page: Page, button: str) -> None:
    """Click a button, and wait for what comes of it."""
    page.get_by_role("button", name=button).click()
    ready(page)


def add(page: Page, kind: str) -> None:
    """Add a cell, which opens what it is edited with."""
    page.get_by_role("button", name="Add a cell").click()
    page.get_by_role("menuitem", name=kind, exact=True).click()
    ready(page)


def add_with(page: Page, kind: str, text: str) -> None:
    """Add a cell with this text."""
    add(page, kind)
    type_in(page, text)
    press(page, "Done")


def cell(page: Page, name: str) -> Locator:
    """The cell of that name."""
    return page.locator(CELLS).filter(has=page.locator(f"h3#{name}"))


def marks(page: Page) -> list[str]:
    """What the marks of the cells say, without their icons."""
    return [text.partition(" ")[2] for text in page.locator(MARK).all_text_contents()]


def pick(page: Page, name: str, entry: str) -> None:
    """Choose an entry of a cell's menu."""
    _pick(page, cell(page, name), entry)


def pick_of_text(page: Page, place: int, entry: str) -> None:
    """Choose an entry of the menu of the text at that place."""
    _pick(page, page.locator(f".st-key-text_{place}"), entry)


def _pick(page: Page, within: Locator, entry: str) -> None:
    within.get_by_role("button", name="Cell", exact=True).click()
    page.get_by_role("menuitem", name=entry, exact=True).click()
    ready(page)


def editor(page: Page) -> Locator:
    """The text of the cell that is edited."""
    return page.get_by_test_id("stBidiComponentIsolated").locator("textarea").first


def type_in(page: Page, text: str) -> None:
    """Put another text into the editor and commit it."""
    editor(page).fill(text)
    editor(page).press("Control+Enter")
    ready(page)


def live_number(page: Page, text: str) -> Locator:
    """A number in a text, which leads to its cell."""
    return page.get_by_test_id("stMarkdown").get_by_role("link", name=text, exact=True)
