"""A frozen notebook in a browser without a network: live charts, true numbers, paper."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from data.store.database import Store
from tests.support.accessible import violations
from tests.support.browser import settle, tile
from tests.support.commands import run_module
from tests.support.frozen import freeze, written
from tests.support.hostile_notebook import HOSTILE
from tests.support.server import Server
from tests.support.stores import copied

REPORT = """---
title: Monday report
---
# Monday report

**{{ week.net }}** redeemed.

```numbers week
title: All of it
```

```chart over_time
grain: month
```

```chart status
```

```chart by_site
filter: group=Email&b.group=SMS
```

```pivot sites
rows: site
columns: month
```

## The codes

```chart codes_rows
```
"""
SCREENS = [(1440, 900), (390, 844)]


@pytest.fixture(scope="module")
def files(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report and a hostile notebook, frozen."""
    folder = tmp_path_factory.mktemp("frozen")
    with closing(Store(copied(fixture_file, folder))) as store:
        (folder / "report.html").write_bytes(written(freeze(store, REPORT), "html"))
        (folder / "hostile.html").write_bytes(written(freeze(store, HOSTILE), "html"))
    return folder


@pytest.fixture
def offline(browser: Browser) -> Iterator[BrowserContext]:
    """A window of a browser that has no network."""
    context = browser.new_context(offline=True)
    yield context
    context.close()


def opened(context: BrowserContext, file: Path) -> tuple[Page, list[str], list[str]]:
    """The page of a file, what it asked for, and what it complained of."""
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    figures = page.locator(".plot").count()
    expect(page.locator(".plot .main-svg").first).to_be_visible()
    expect(page.locator(".plot.js-plotly-plot")).to_have_count(figures)
    return page, asked, complaints


def test_the_charts_are_live_and_nothing_is_asked_for(offline: BrowserContext, files: Path) -> None:
    page, asked, complaints = opened(offline, files / "report.html")
    assert asked == [(files / "report.html").as_uri()]
    assert complaints == []
    bars = page.locator(".plot").first.locator(".bars .point path")
    bars.first.scroll_into_view_if_needed()
    box = bars.first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".hoverlayer .hovertext").first).to_be_visible()


def test_nothing_that_a_hostile_notebook_says_runs_or_loads(
    offline: BrowserContext, files: Path
) -> None:
    page, asked, complaints = opened(offline, files / "hostile.html")
    page.get_by_text("data", exact=False).first.hover()
    assert page.evaluate("window.ran") is None
    assert asked == [(files / "hostile.html").as_uri()]
    assert complaints == []
    page.locator("main").get_by_text("click").first.click()
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SCREENS, ids=str)
def test_it_is_accessible_in_both_schemes_and_fits_the_screen(
    browser: Browser, files: Path, size: tuple[int, int], scheme: str
) -> None:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        offline=True,
    )
    with closing(context):
        page, _, _ = opened(context, files / "report.html")
        for summary in page.locator("summary").all():
            summary.click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_charts_take_the_colours_of_the_scheme_also_when_it_changes(
    offline: BrowserContext, files: Path
) -> None:
    page, _, _ = opened(offline, files / "report.html")
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        text = page.locator(".plot .xtick text").first
        body = page.evaluate("getComputedStyle(document.body).color")
        expect(text).to_have_css("fill", body)
        colours.append(body)
    assert colours[0] != colours[1]


def test_on_paper_nothing_is_folded_or_cut_off(offline: BrowserContext, files: Path) -> None:
    page, _, _ = opened(offline, files / "report.html")
    page.set_viewport_size({"width": 680, "height": 960})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    widths = page.locator(".plot .main-svg").evaluate_all(
        "all => all.map((one) => one.clientWidth)"
    )
    assert max(widths) <= 680
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_numbers_are_those_of_the_app(
    page: Page, server: Server, offline: BrowserContext, tmp_path: Path
) -> None:
    notebook, report = tmp_path / "report.md", tmp_path / "report.html"
    notebook.write_text(REPORT, "utf-8")
    done = run_module("queries.notebook", server.store, "run", notebook, "-o", report)
    assert done.returncode == 0, done.stderr
    frozen, _, _ = opened(offline, report)
    page.goto(server.url)
    settle(page)
    for label in ("Codes issued", "Redemption rate", "Net redemptions", "Cancelled", "Outstanding"):
        value = frozen.locator(".tile").filter(has=frozen.get_by_text(label, exact=True))
        assert value.first.locator(".value").inner_text() == tile(page, label)
    assert frozen.locator(".live").inner_text() == tile(page, "Net redemptions")
