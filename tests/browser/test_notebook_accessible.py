"""A notebook keeps WCAG 2.2 AA with every kind of cell, read and edited, on screen and paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessible import focus_stops, unreadable_texts, violations
from tests.support.browser import MINUTE
from tests.support.every_kind import EVERY_KIND
from tests.support.notebook_browser import (
    cell,
    editor,
    marks,
    open_notebook,
    pick,
    pick_of_text,
    press,
    ready,
)
from tests.support.notebook_page import folder_of, write
from tests.support.server import Server, serving
from tests.support.stores import copied

SCHEMES = ["light", "dark"]
SIZES = [(1440, 900), (390, 844)]
NAME = "Every kind"


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("notebook_accessible")
    with serving(copied(fixture_file, folder), folder / "log", VOUCHERS_SAMPLE="0") as running:
        write(running, NAME, EVERY_KIND)
        yield running


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SIZES, ids=[f"{width}" for width, _ in SIZES])
def look(request: pytest.FixtureRequest, browser: Browser, scheme: str) -> Iterator[Page]:
    """A tab of a colour scheme and a size."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    context.set_default_timeout(MINUTE)
    yield context.new_page()
    context.close()


def test_a_notebook_of_every_kind_of_cell_breaks_no_rule(server: Server, look: Page) -> None:
    open_notebook(look, server, NAME)
    assert sorted(set(marks(look))) == ["alert", "failed", "fresh"]
    assert violations(look) == []
    assert unreadable_texts(look) == []
    wide = "document.querySelector('[data-testid=stMain]')"
    assert look.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")


def test_what_edits_a_cell_breaks_no_rule(server: Server, look: Page) -> None:
    open_notebook(look, server, NAME)
    pick_of_text(look, 0, "Edit")
    editor(look).press_sequentially("{{ a")
    assert violations(look) == []
    editor(look).press("Escape")
    editor(look).fill(EVERY_KIND.partition("---\n# ")[2].partition("```")[0])
    press(look, "Done")
    for name in ("uptake", "months", "wrong", "day"):
        pick(look, name, "Edit")
        assert violations(look) == [], name
        press(look, "Done")


def test_what_opens_above_the_cells_breaks_no_rule(server: Server, look: Page) -> None:
    open_notebook(look, server, NAME)
    for opener in ("Contents", "Freeze", "Versions"):
        look.get_by_role("button", name=opener).click()
        look.get_by_test_id("stPopoverBody").wait_for()
        ready(look)
        assert violations(look) == [], opener
        look.keyboard.press("Escape")


def test_each_thing_that_has_the_focus_looks_different(server: Server, page: Page) -> None:
    open_notebook(page, server, NAME)
    stops = focus_stops(page)
    assert len(stops) >= 40
    assert [name for name, is_visible in stops if not is_visible] == []


def test_paper_has_the_cells_and_not_their_menus(server: Server, page: Page) -> None:
    open_notebook(page, server, NAME)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.get_by_role("heading", name="All numbers")).to_be_visible()
    for button in ("Cell", "Run all again", "Contents", "Add a cell", "Versions", "Freeze"):
        for found in page.get_by_role("button", name=button, exact=True).all():
            expect(found).to_be_hidden()
    sheets = re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))
    assert 2 <= len(sheets) <= 8


def test_the_menu_of_a_cell_says_which_cell_it_is_of(server: Server, page: Page) -> None:
    open_notebook(page, server, NAME)
    menu = cell(page, "weeks").get_by_role("button", name="Cell", exact=True)
    menu.hover()
    expect(page.get_by_text("Edit, move or remove this cell (weeks)")).to_be_visible()
    assert folder_of(server).exists()
