"""Every page works with what the app tells the browser, and asks no other host for anything."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.support.browser import choose, click_bar, save_download, settle
from tests.support.imports_page import drop
from tests.support.pages import PAGES
from tests.support.rows import Code, codes_file
from tests.support.server import Server

FRAMED = "violation: frame-src"  # the last to be noticed
# Streamlit's protobuf tries WebAssembly for whole numbers of 64 bits, and does without.
DONE_WITHOUT = "script-src wasm-eval"
NOTE_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.log("violation: " + event.effectiveDirective + " " + event.blockedURI));
"""


class Watched:
    """What a page does that it should not."""

    def __init__(self, page: Page, host: str) -> None:
        self.faults: list[str] = []
        self._host = host
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self._on_text(message.text))
        page.context.on("request", self._on_request)
        page.add_init_script(NOTE_VIOLATIONS)
        self._page = page

    def until_now(self) -> list[str]:
        """The faults so far: a message of the console comes after those before it."""
        with self._page.expect_console_message(lambda message: message.text == "until now"):
            self._page.evaluate("console.log('until now')")
        return self.faults

    def _on_text(self, text: str) -> None:
        if text.startswith("violation: ") and DONE_WITHOUT not in text:
            self.faults.append(text)
        if "Permissions-Policy" in text or "Content Security Policy" in text:
            self.faults.append(text)

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self._host:
            self.faults.append(request.url)


@pytest.fixture
def watched(server: Server, page: Page) -> Iterator[Watched]:
    """What the test's tab does that it should not: nothing, at the end."""
    watched = Watched(page, urlsplit(server.url).netloc)
    yield watched
    assert watched.until_now() == []


@pytest.mark.usefixtures("watched")
def test_every_page_loads_from_the_app_alone(server: Server, page: Page) -> None:
    for path in PAGES:
        page.goto(f"{server.url}/{path}")
        settle(page)
        icon = page.evaluate("document.querySelector('link[rel~=icon]').href")
        assert icon.startswith("data:image/svg+xml;base64,")


@pytest.mark.usefixtures("watched")
def test_charts_dates_tables_and_downloads_work(server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{server.url}/?asof=2016-02-10")
    settle(page)
    choose(page, "Code group", "Email")
    click_bar(page, "over_time", 0)
    page.wait_for_url(re.compile("from=2016-01-08&to=2016-01-08"))
    page.locator(".st-key-to").get_by_role("spinbutton").first.focus()
    page.keyboard.type("31012016")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("to=2016-01-31"))
    settle(page)
    page.locator(".st-key-table_over_time").get_by_role("button", name="Table").click()
    file = save_download(page, "CSV", tmp_path)
    assert file.read_text("utf-8-sig").startswith("Period from,")
    page.get_by_role("link", name="Codes").first.click()
    page.wait_for_url(re.compile("/codes"))
    settle(page)
    grid = page.locator(".st-key-rows_codes canvas").first
    grid.click(position={"x": 80, "y": 15}, force=True)
    expect(page.locator(".st-key-codes_sort input")).to_have_value("Code")


@pytest.mark.usefixtures("watched")
def test_a_file_is_uploaded_and_looked_at(server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{server.url}/imports")
    settle(page)
    drop(page, codes_file(tmp_path / "codes.csv", Code("A1", "SMS")))
    expect(page.get_by_text("1 code of SMS")).to_be_visible()


def test_what_the_policy_forbids_is_noticed_here(server: Server, context: BrowserContext) -> None:
    page = context.new_page()
    watched = Watched(page, urlsplit(server.url).netloc)
    page.goto(f"{server.url}/downloads")
    settle(page)
    with page.expect_console_message(lambda message: message.text.startswith(FRAMED)):
        page.evaluate("""() => {
            const add = (tag, properties) =>
                document.body.append(Object.assign(document.createElement(tag), properties));
            add("script", {textContent: "document.title = 'inline'"});
            add("iframe", {src: "/"});
            add("img", {src: "http://127.0.0.1:1/a.png"});
            setTimeout("document.title = 'evaluated'");
            fetch("http://127.0.0.1:1/").catch(() => null);
        }""")
    violations = {text for text in watched.until_now() if text.startswith("violation: ")}
    assert violations == {
        "violation: script-src-elem inline",
        "violation: script-src eval",
        f"violation: frame-src {server.url}/",
        "violation: img-src http://127.0.0.1:1/a.png",
        "violation: connect-src http://127.0.0.1:1/",
    }
    assert page.title() not in ("inline", "evaluated")
