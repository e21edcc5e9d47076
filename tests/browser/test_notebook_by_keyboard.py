"""A notebook is made, written, changed and read by the keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from queries.notebooks.document import read
from tests.support.browser import settle
from tests.support.notebook_browser import editor, live_number, marks, ready
from tests.support.notebook_page import folder_of
from tests.support.server import Server, serving
from tests.support.stores import copied

MOST = 90  # presses of Tab


@pytest.fixture
def server(fixture_file: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(copied(fixture_file, tmp_path), tmp_path / "log", VOUCHERS_SAMPLE="0") as running:
        yield running


def focused(page: Page) -> str:
    """The name of what has the focus."""
    name: str = page.evaluate(
        """() => {
            let element = document.activeElement;
            while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
            const named = element?.getAttribute('aria-label') ?? element?.labels?.[0]?.innerText;
            const isSmall = element?.matches('a, button, summary, [role=menuitem]');
            const text = named || (isSmall ? element.innerText : '');
            return text.split('\\n').map((line) => line.trim()).filter(Boolean).join(' ');
        }"""
    )
    return name


def tab_to(page: Page, name: str, times: int = 1, key: str = "Tab") -> None:
    """Press Tab until something of that name has the focus, for the nth time."""
    names = []
    for _ in range(MOST):
        page.keyboard.press(key)
        names.append(focused(page))
        if name in names[-1]:
            times -= 1
        if not times:
            return
    raise AssertionError(f"Tab does not reach {name}, but {names}")


def choose(page: Page, entry: str) -> None:
    """Open the menu that has the focus, and choose an entry by the arrow keys."""
    page.keyboard.press("Enter")
    expect(page.locator('[role="menu"]:focus-within')).to_be_visible()
    for _ in range(MOST):
        if focused(page) == entry:
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    ready(page)


def start_of_page(page: Page) -> None:
    """Let Tab begin at the first cell: the skip link leads past the sidebar."""
    page.evaluate("document.activeElement.blur()")
    page.evaluate("getSelection().removeAllRanges()")
    page.get_by_role("link", name="Skip to main content").focus()
    page.keyboard.press("Enter")


def names(server: Server) -> list[str]:
    text = (folder_of(server) / "By keyboard.md").read_text("utf-8")
    return [cell.name or "text" for cell in read(text).cells if cell.source.strip()]


def test_a_notebook_is_made_and_changed_by_keyboard_alone(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/notebooks")
    settle(page)
    tab_to(page, "A new notebook")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="By keyboard", level=1).wait_for()
    ready(page)

    start_of_page(page)
    tab_to(page, "Add a cell")
    choose(page, "Numbers")
    start_of_page(page)
    tab_to(page, "Done")
    page.keyboard.press("Enter")
    ready(page)

    start_of_page(page)
    tab_to(page, "Add a cell")
    choose(page, "Text")
    start_of_page(page)
    tab_to(page, "Text in Markdown")
    page.keyboard.press("Control+A")
    page.keyboard.type("Codes: {{ numbers.codes_i")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type(" }}" if not editor(page).input_value().rstrip().endswith("}}") else "")
    page.keyboard.press("Control+Enter")
    ready(page)
    expect(live_number(page, "18")).to_be_visible()
    assert names(server) == ["numbers", "text"]

    start_of_page(page)
    tab_to(page, "Cell")
    choose(page, "Move down")
    assert names(server) == ["text", "numbers"]

    start_of_page(page)
    tab_to(page, "Cell", times=2)
    choose(page, "Remove")
    assert names(server) == ["text"]
    start_of_page(page)
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    ready(page)
    assert names(server) == ["text", "numbers"]
    assert marks(page) == ["fresh"]

    start_of_page(page)
    tab_to(page, "Contents")
    page.keyboard.press("Enter")
    link = page.get_by_test_id("stPopoverBody").get_by_role("link", name="numbers")
    link.wait_for()
    tab_to(page, "numbers")
    page.keyboard.press("Enter")
    page.wait_for_url("**#numbers")
    expect(page.get_by_role("heading", name="Numbers")).to_be_in_viewport()
