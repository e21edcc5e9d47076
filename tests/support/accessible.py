"""What a page's accessibility is measured by: axe-core, contrast of charts, focus."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page, expect

from tests.support.browser import MINUTE, settle

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
UNDRAWN = '[data-testid="stPlotlyChart"]:not(:has(.xtick, .trace, .sankey-node))'
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
STYLED = 'html[style*="--page-accent"]'  # by pages/frame/accessibility.py
READABLE = 4.5  # contrast of text, at least
RUN = """
(tags) => axe.run(document, {runOnly: tags, resultTypes: ["violations"]})
    .then((results) => results.violations)
"""
# Axe does not see what an SVG text stands on: the page, or the mark below the text's middle.
TEXTS_OF_CHARTS = """
() => {
    const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
    const mixed = (top, alpha, below) =>
        below.map((value, i) => top[i] * alpha + value * (1 - alpha));
    const luminance = (colour) => {
        const [r, g, b] = colour.map((value) => value / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const app = document.querySelector('[data-testid="stApp"]');
    const paper = numbers(getComputedStyle(app).backgroundColor);
    const MARKS = ".bars .point > path, .sankey-link";
    const found = [];
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
        const bars = [...plot.querySelectorAll(MARKS)].map((bar) => {
            const {fill, fillOpacity, opacity} = getComputedStyle(bar);
            return {box: bar.getBoundingClientRect(), fill, alpha: fillOpacity * opacity};
        });
        for (const text of plot.querySelectorAll("svg text")) {
            const box = text.getBoundingClientRect();
            if (!text.textContent.trim() || !box.width) continue;
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            const bar = bars.find(({box}) =>
                x > box.left && x < box.right && y > box.top && y < box.bottom);
            const hatched = bar?.fill.startsWith("url");
            const below = bar && !hatched
                ? mixed(numbers(bar.fill), bar.alpha, paper) : paper;
            const {fill, fillOpacity, opacity} = getComputedStyle(text);
            const colour = mixed(numbers(fill), fillOpacity * opacity, below);
            const [low, high] = [luminance(colour), luminance(below)].sort((a, b) => a - b);
            const contrast = hatched ? 1 : (high + 0.05) / (low + 0.05);
            found.push([text.textContent.trim(), contrast]);
        }
    }
    return found;
}
"""
# The look of what has the focus and of its frame, twice: with the focus and without it.
LOOKS = """
async () => {
    const look = (element) => {
        const {outline, boxShadow, borderColor, backgroundColor, color} = getComputedStyle(element);
        return [outline, boxShadow, borderColor, backgroundColor, color].join("|");
    };
    let focused = document.activeElement;
    while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    if (focused === document.body) return null;
    const chain = [focused];
    while (chain.length < 6 && chain.at(-1).parentElement) chain.push(chain.at(-1).parentElement);
    const still = document.createElement("style");
    still.textContent = "* { transition: none !important; animation: none !important; }";
    document.head.append(still);
    const looks = () => chain.map(look).join("\\n");
    const name = focused.outerHTML.replace(/<[^>]*>/, (tag) => tag.slice(0, 200)).slice(0, 200);
    const before = looks();
    focused.blur();
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const after = looks();
    focused.focus({focusVisible: true, preventScroll: true});
    still.remove();
    return [name, before !== after];
}
"""


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def open_page(page: Page, address: str) -> None:
    """Open a page and wait until it has its styles and its charts are drawn."""
    page.goto(address)
    settle(page)
    expect(page.locator(STYLED)).to_have_count(1, timeout=MINUTE)
    expect(page.locator(FINISHED)).to_have_count(1, timeout=MINUTE)
    expect(page.locator(UNDRAWN)).to_have_count(0, timeout=MINUTE)


def violations(page: Page) -> list[str]:
    """One line per element that breaks a rule of WCAG 2.2 AA: the rule, the element and why.

    By evaluate(), which the page's policy does not reach: the app is checked as it is served.
    """
    page.evaluate(_axe())
    broken: list[dict[str, Any]] = page.evaluate(RUN, WCAG)
    return [
        f"{rule['id']}: {node['html'][:200]} {json.dumps(node['failureSummary'])}"
        for rule in broken
        for node in rule["nodes"]
    ]


def unreadable_texts(page: Page) -> list[tuple[str, float]]:
    """The texts of the page's charts, with their contrast, that have less than 4.5:1."""
    return [(text, ratio) for text, ratio in texts_of_charts(page) if ratio < READABLE]


def texts_of_charts(page: Page) -> list[tuple[str, float]]:
    """Each text of the page's charts and its contrast; 1 where it stands on hatching."""
    found: list[tuple[str, float]] = [
        (text, ratio) for text, ratio in page.evaluate(TEXTS_OF_CHARTS)
    ]
    return found


def focus_stops(page: Page, most: int = 150) -> list[tuple[str, bool]]:
    """What Tab reaches, in this order, and whether it looks different with the focus."""
    stops: list[tuple[str, bool]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(LOOKS)
        if stop is None or (stops and stop[0] == stops[0][0]):
            break
        stops.append((stop[0], stop[1]))
    return stops
