"""Names that look like markup, labels or words of a library, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from queries.text import listed
from tests.support.browser import settle, tile
from tests.support.rows import Code, Transaction
from tests.support.server import Server
from tests.support.stores import import_rows, opened

NAMES = [
    *(":smile:", ":100: deals", "2 for 1 -- Tuesday", "11:30 -> 14:00", ">= 2 guests"),
    *("www.example.com", "1. Starters", "# Heading", "A<br>B", "<b>Bold</b> Bull", "AT&amp;T"),
    *("constructor", "__proto__", "*stars* and _lines_", "$5$ off", "Newspaper", "Newspaper (1)"),
]


@pytest.fixture
def named(tmp_path: Path, start: Callable[..., Server]) -> Server:
    """An app with a group of each name: one code each, but 22 of the last."""
    codes = [Code(f"C{number}", name) for number, name in enumerate(NAMES)]
    codes += [Code(f"D{number}", NAMES[-1]) for number in range(21)]
    redeemed = [Transaction(n, f"C{n}", group=name) for n, name in enumerate(NAMES)]
    path = tmp_path / "names.duckdb"
    with opened(path) as store:
        import_rows(store, tmp_path / "codes.csv", *codes)
        import_rows(store, tmp_path / "transactions.csv", *redeemed)
    return start(path, VOUCHERS_SAMPLE="0")


def plain(text: str) -> str:
    """A text as it is read: without characters of no width."""
    return text.replace("\u2060", "").replace("\u2063", "").replace("\u00a0", " ")


def test_names_are_shown_letter_for_letter(named: Server, page: Page) -> None:
    page.goto(named.url)
    settle(page)
    ticks = page.locator(".st-key-chart_uptake_by_group .ytick text")
    ticks.first.wait_for(state="attached")
    labels = [label or "" for label in ticks.all_text_contents()]
    assert sorted(plain(label) for label in labels) == sorted(NAMES)
    for some in (NAMES[:6], NAMES[6:12], NAMES[12:]):
        page.goto(f"{named.url}/?" + "&".join(f"group={quote(name)}" for name in some))
        settle(page)
        heading = page.get_by_test_id("stMarkdown").locator("strong").first
        assert plain(heading.inner_text()) == listed(some)
        main = page.get_by_test_id("stMain")
        assert main.get_by_role("link", name=re.compile("example")).count() == 0


def test_an_option_chooses_its_own_value_whatever_others_are_called(
    named: Server, page: Page
) -> None:
    page.goto(named.url)
    settle(page)
    page.get_by_role("combobox", name=re.compile("Code group")).click()
    options = page.get_by_role("option")
    texts = [plain(text) for text in options.all_inner_texts()]
    options.nth(texts.index("Newspaper (1) (22)")).click()
    page.keyboard.press("Escape")
    settle(page)
    assert tile(page, "Codes issued") == "22"
    expect(page).to_have_url(re.compile(r"group=Newspaper(\+|%20)(\(|%28)1(\)|%29)$"))


def test_what_is_typed_is_the_known_name_but_for_case_and_blanks(named: Server, page: Page) -> None:
    page.goto(named.url)
    settle(page)
    box = page.get_by_role("combobox", name=re.compile("Code group"))
    box.click()
    box.fill("  newspaper   (1)")
    box.press("Enter")
    page.keyboard.press("Escape")
    settle(page)
    assert tile(page, "Codes issued") == "22"


def test_a_search_among_options_looks_at_names_and_not_at_counts(named: Server, page: Page) -> None:
    page.goto(named.url)
    settle(page)
    box = page.get_by_role("combobox", name=re.compile("Code group"))
    box.click()
    box.fill("22")
    shown = [plain(text) for text in page.get_by_role("option").all_inner_texts()]
    assert [text for text in shown if text.startswith("Newspaper")] == []
