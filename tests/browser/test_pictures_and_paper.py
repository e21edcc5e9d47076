"""A chart saved as a picture, and a page on paper."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessible import open_page
from tests.support.pages import PAGES
from tests.support.server import Server

CHART = "status"
FORMS = ["PNG", "SVG"]  # in their order
CHOSEN = "group=Email&asof=2016-02-10"


@pytest.fixture
def drawn(server: Server, page: Page) -> Page:
    """The Codes page with the codes of a group, its chart drawn."""
    open_page(page, f"{server.url}/codes?{CHOSEN}")
    return page


@pytest.fixture
def foreign(server: Server, page: Page) -> Iterator[list[str]]:
    """The requests of the tab to other hosts: none, at the end."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    yield requests
    own = (server.url, "data:", "blob:", server.url.replace("http", "ws"))
    assert [url for url in requests if not url.startswith(own)] == []


def saved(page: Page, form: str, folder: Path) -> Path:
    """The picture of the chart, by keyboard alone."""
    page.locator(f".st-key-picture_{CHART} button").press("Enter")
    button = page.get_by_role("button", name=form, exact=True)
    button.wait_for()
    for _ in range(FORMS.index(form) + 1):
        page.keyboard.press("Tab")
    expect(button).to_be_focused()
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    file = folder / started.value.suggested_filename
    started.value.save_as(file)
    page.keyboard.press("Escape")
    expect(page.locator(f".st-key-picture_{CHART} button")).to_be_focused()
    return file


@pytest.mark.usefixtures("foreign")
def test_a_chart_is_saved_as_svg_with_its_title_its_labels_and_the_filters(
    drawn: Page, tmp_path: Path
) -> None:
    file = saved(drawn, "SVG", tmp_path)
    assert file.name == "status-of-the-codes.svg"
    picture = ElementTree.fromstring(file.read_text("utf-8"))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    texts = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "Status of the codes"
    assert "Redeemed" in texts
    assert texts[-1].startswith("Email")


@pytest.mark.usefixtures("foreign")
def test_a_chart_is_saved_as_png_at_twice_its_size(drawn: Page, tmp_path: Path) -> None:
    size = drawn.locator(f".st-key-chart_{CHART} .js-plotly-plot").bounding_box()
    assert size
    file = saved(drawn, "PNG", tmp_path)
    content = file.read_bytes()
    assert (file.name, content[:8]) == ("status-of-the-codes.png", b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width == pytest.approx(2 * (size["width"] + 32), abs=2)
    assert height > 2 * size["height"]
    assert len(content) > 10_000  # an empty one compresses to less


def test_paper_shows_the_page_without_what_one_clicks_and_with_its_address(drawn: Page) -> None:
    drawn.emulate_media(media="print")
    drawn.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(drawn.get_by_test_id("stSidebar")).to_be_hidden()
    expect(drawn.get_by_role("button", name="Table")).to_be_hidden()
    expect(drawn.get_by_role("link", name=re.compile("Download CSV"))).to_be_hidden()
    expect(drawn.get_by_text(f"Address of this page: {drawn.url}")).to_be_visible()
    drawn.evaluate("dispatchEvent(new Event('afterprint'))")
    drawn.emulate_media(media="screen")
    expect(drawn.get_by_text("Address of this page")).to_have_count(0)
    expect(drawn.get_by_test_id("stSidebar")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_takes_one_or_two_sheets_of_paper(server: Server, page: Page, path: str) -> None:
    open_page(page, f"{server.url}/{path}")
    sheets = re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 2
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert too_wide(page) == []


def too_wide(page: Page) -> list[str]:
    """The charts, tiles and tables that end beyond the width of the paper."""
    found: list[str] = page.evaluate(
        """() => {
            const main = document.querySelector('[data-testid="stMainBlockContainer"]');
            const edge = main.getBoundingClientRect().right + 1;
            const parts = '.main-svg, [data-testid="stMetric"], [data-testid="stDataFrame"] canvas';
            return [...main.querySelectorAll(parts)]
                .filter((part) => part.getBoundingClientRect().right > edge)
                .map((part) => part.outerHTML.slice(0, 100));
        }"""
    )
    return found
