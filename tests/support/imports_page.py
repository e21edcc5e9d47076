"""The Imports page in the browser, and a small store for it."""

import contextlib
import re
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Locator, Page

from data.importing.pipeline import load
from data.store.database import Store
from tests.support.browser import settle
from tests.support.rows import CODES, SECRET, Code, codes_file, csv_bytes
from tests.support.server import Server

MINUTE = 60_000
MB = 1024 * 1024
COLUMNS = (
    *("File", "Folder", "Prefix", "Batch", "Known or proposed"),
    *("Holds", "Groups", "Dates"),
)
Start = Callable[..., Server]


def make_store(path: Path, codes: int) -> Path:
    """A closed store of so many codes of the group Old, each redeemed once."""
    with contextlib.closing(Store(path)) as store:
        rows = (Code(f"{SECRET}{n:07}", "Old", redeemed="20/01/2016 10:00") for n in range(codes))
        load(store, codes_file(path.with_name("old.csv"), *rows))
    return path


def in_windows_1252(path: Path) -> Path:
    """A codes file of the group Café, as an older program writes it."""
    path.write_bytes(csv_bytes([CODES, Code(f"{SECRET}W", "Café")]).decode().encode("cp1252"))
    return path


def exported(server: Server, kind: str = "codes", **query: str) -> list[str]:
    """The rows that the server exports, without the header."""
    response = httpx.get(f"{server.url}/export/{kind}.csv", params=query, timeout=60)
    assert response.status_code == 200
    return response.text.splitlines()[1:]


def post_control(
    server: Server, task: str, body: object, headers: dict[str, str]
) -> httpx.Response:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return httpx.post(f"{server.url}/control/{task}", json=body, headers=raw, timeout=60)


def password_file(server: Server) -> Path:
    return server.store.with_name(server.store.name + ".app.json")


def open_imports(server: Server, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}/imports")
    settle(page)
    return page


def drop(page: Page, *files: Path) -> None:
    """Drop files on the page, and wait until it has looked at them."""
    page.set_input_files("input[type=file][accept*=csv]", list(files))
    page.get_by_role("button", name=re.compile("Import \\d+ file")).wait_for(timeout=MINUTE)


def cell(page: Page, column: str, row: int = 0) -> Locator:
    """What stands in a cell of the table of dropped files; rows from 0."""
    table = page.get_by_test_id("stDataFrame").first
    return table.get_by_test_id(f"glide-cell-{COLUMNS.index(column)}-{row}")


def press_import(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Import \\d+ file")).click()


def assert_clean(server: Server) -> None:
    """The log has no traceback and no code."""
    log = server.log.read_text("utf-8")
    assert "Traceback" not in log, log
    assert SECRET not in log
