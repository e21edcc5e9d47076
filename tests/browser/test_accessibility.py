"""Every page keeps WCAG 2.2 AA: light and dark, on a wide screen and on a phone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.accessible import (
    focus_stops,
    open_page,
    texts_of_charts,
    unreadable_texts,
    violations,
)
from tests.support.browser import MINUTE, settle
from tests.support.pages import PAGES
from tests.support.server import Server, serving

Scheme = Literal["light", "dark"]
# Every kind of filter has something chosen: tags, pills, segments, dates and chips.
CHOSEN = "?group=Email&group=SMS&status=redeemed&status=expired&from=2001-01-02&cancelled=no"
# Both sides in one figure and in two, lines of many names, files of both in a popover.
BOTH = ("?group=Email&compare=rest&split=site", "transactions?group=Email&b.group=SMS&split=month")
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES = [(scheme, width) for scheme in SCHEMES for width in (1440, 390)]
LOOKS = [pytest.param(*look, id=f"{look[0]}-{look[1]}") for look in SIZES]


def looks_at(path: str, looks: list[tuple[Scheme, int]]) -> list[Any]:
    return [
        pytest.param((scheme, width, path), id=f"{path}-{scheme}-{width}")
        for scheme, width in looks
    ]


# First, so that they have the same places in the lists of two tests: pytest loads them once.
WIDE = [case for path in PAGES for case in looks_at(path, SIZES[:1])]
OTHERS = [case for path in PAGES for case in looks_at(path, SIZES[1:])]
OTHERS += [case for path in (CHOSEN, *BOTH) for case in looks_at(path, SIZES)]
HEIGHTS = {1440: 900, 390: 844}


@pytest.fixture(scope="module")
def full_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over the sample, which has something to show on every page."""
    folder = tmp_path_factory.mktemp("full_server")
    with serving(folder / "vouchers.duckdb", folder / "server.log") as running:
        assert httpx.get(f"{running.url}/export/codes.csv", timeout=60).is_success
        yield running


@contextmanager
def tab(browser: Browser, scheme: Scheme, width: int) -> Iterator[Page]:
    size: ViewportSize = {"width": width, "height": HEIGHTS[width]}
    context = browser.new_context(viewport=size, color_scheme=scheme)
    context.set_default_timeout(MINUTE)
    yield context.new_page()
    context.close()


@pytest.fixture
def look(browser: Browser, scheme: Scheme, width: int) -> Iterator[Page]:
    """A tab of the colour scheme and width of the test."""
    with tab(browser, scheme, width) as page:
        yield page


@pytest.fixture(scope="module")
def opened(full_server: Server, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in its colour scheme and width, loaded once for the tests that only look at it."""
    scheme, width, path = request.param
    with tab(browser, scheme, width) as page:
        open_page(page, f"{full_server.url}/{path}")
        yield page


@pytest.mark.parametrize("opened", [*WIDE, *OTHERS], indirect=True)
def test_no_page_breaks_a_rule(opened: Page) -> None:
    assert violations(opened) == []
    charts = opened.locator(".js-plotly-plot:has(.xtick)").count()
    assert len(texts_of_charts(opened)) >= 5 * charts
    assert unreadable_texts(opened) == []


@pytest.mark.parametrize("opened", WIDE, indirect=True)
def test_what_has_the_focus_looks_different(opened: Page) -> None:
    stops = focus_stops(opened)
    assert len(stops) >= 10
    assert [name for name, is_visible in stops if not is_visible] == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_nothing_that_opens_on_a_page_breaks_a_rule(full_server: Server, look: Page) -> None:
    open_page(look, full_server.url)
    look.get_by_text("More numbers").click()
    look.get_by_text("Units given").wait_for()
    settle(look)
    assert violations(look) == []
    for opener in ("Table", "Picture", "How is this counted?", "Details"):
        look.get_by_role("button", name=opener).first.click()
        look.get_by_test_id("stPopoverBody").wait_for()
        assert violations(look) == [], opener
        look.keyboard.press("Escape")
    open_page(look, f"{full_server.url}/codes")
    look.get_by_role("button", name="Other formats").click()
    look.get_by_text("about").wait_for()
    settle(look)
    assert violations(look) == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS[:1])
def test_each_curve_of_a_tile_has_a_name(full_server: Server, look: Page) -> None:
    open_page(look, full_server.url)
    expect(
        look.get_by_role("figure", name=re.compile("^Net redemptions, .* a step"))
    ).to_be_visible()
