"""Reads the editor of a cell in the browser, and what its server has kept of it."""

import json
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.support.browser import settle
from tests.support.server import Server

APP = "tests/support/editors/editor_app.py"
DRAFT = 500  # milliseconds without a key until a draft is sent


def kept_file(server: Server) -> Path:
    """The file in which the server keeps its texts."""
    return server.store.with_name("kept.json")


def set_kept(server: Server, **texts: str) -> None:
    """Have the server keep these texts, and no others."""
    kept_file(server).write_text(json.dumps(texts), "utf-8")


def kept(server: Server, name: str) -> str | None:
    """A text that the server keeps."""
    file = kept_file(server)
    texts: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return texts.get(name)


def open_editor(page: Page, server: Server, path: str = "") -> Locator:
    """Open a page of the server; its editor, with the focus in it."""
    page.goto(f"{server.url}/{path}")
    settle(page)
    field = editor(page)
    field.focus()
    return field


def editor(page: Page) -> Locator:
    """The textarea of the page's first editor."""
    return page.get_by_test_id("stBidiComponentIsolated").locator("textarea").first


def selected(field: Locator) -> str:
    """The text that is selected."""
    text: str = field.evaluate(
        "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    )
    return text


def caret(field: Locator) -> int:
    """How many UTF-16 units stand before the caret."""
    index: int = field.evaluate("field => field.selectionStart")
    return index


def highlighted(page: Page) -> str | None:
    """The word that is highlighted in the open list."""
    option = page.locator('[role="option"][aria-selected="true"] .word')
    return option.inner_text() if option.count() else None
