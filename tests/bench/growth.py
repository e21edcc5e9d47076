"""How each cost grows with the number of codes: `python -m tests.bench.growth`.

It reads from docs/bench.md what `make bench` has measured at several scales, adds a table to it,
and draws docs/growth.png, for which it needs Chromium.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import plotly.graph_objects as go
from playwright.sync_api import sync_playwright

from tests.bench.fill import SCALES
from tests.bench.report import GROWTH, REPORT, save, sections_of
from tests.support.chromium import path_of_chromium

PICTURE = "growth.png"
AMOUNT = re.compile(r"([\d,.]+) (ms|s|MB)(?!/)(?: |$)")
UNITS = {"ms": 0.001, "s": 1.0, "MB": 1.0}
# The part of a row's name that is of one run: a size, or how much longer it took.
OF_ONE_RUN = re.compile(r", [\d,]+ MB$| \([+-]\d+ ms\)$")
DRAWN = (
    "Import of all codes into an empty store",
    "Download of all codes",
    "Overview, as of another day",
    "Overview, another site",
    "Overview, the batch of another pilot",
    "One code looked up",
    "Codes, sorted by each column both ways, first page",
    "Codes, sorted by each column both ways, page 2,001",
)
ABOUT = """\
The medians above beside each other. An exponent of 0 means that a cost does not grow with the
codes, 1 that it grows as they do, 0.5 that it is ten times as high for a hundred times the codes.
A pilot has 5,000 codes at every scale: its views should not grow.

![Time by the number of codes, both on a scale of powers of ten](growth.png)
"""


class Cost(NamedTuple):
    """What a row took at each scale that has it: its text, and its number in its unit."""

    texts: dict[str, str]
    numbers: dict[str, float]

    @property
    def exponent(self) -> float:
        """Of the line from the smallest scale to the largest."""
        first, *_, last = self.numbers
        grown = self.numbers[last] / self.numbers[first]
        return math.log(grown) / math.log(SCALES[last] / SCALES[first])


def costs(sections: Mapping[str, str]) -> dict[str, Cost]:
    """The app's costs by the names of their rows, of those that several scales have."""
    found: dict[str, Cost] = {}
    for scale in SCALES:
        for line in sections.get(scale, "").splitlines():
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if len(cells) < 2 or not (amount := AMOUNT.match(cells[1])):
                continue
            if number := float(amount[1].replace(",", "")):  # nothing has no exponent
                cost = found.setdefault(OF_ONE_RUN.sub("", cells[0]), Cost({}, {}))
                cost.texts[scale] = f"{amount[1]} {amount[2]}"
                cost.numbers[scale] = number * UNITS[amount[2]]
    return {what: cost for what, cost in found.items() if len(cost.numbers) > 1}


def table(found: Mapping[str, Cost]) -> str:
    """The section of the report. One row per cost."""
    scales = [scale for scale in SCALES if any(scale in cost.texts for cost in found.values())]
    names = ["What", *scales, "exponent"]
    lines = [f"| {' | '.join(names)} |", "|" + " --- |" * len(names)]
    for what, cost in found.items():
        texts = " | ".join(cost.texts.get(scale, "") for scale in scales)
        lines.append(f"| {what} | {texts} | {cost.exponent:.2f} |")
    return f"## {GROWTH}\n\n{ABOUT}\n" + "\n".join(lines) + "\n"


def figure(found: Mapping[str, Cost]) -> go.Figure:
    """The times of DRAWN by the number of codes."""
    lines = [
        go.Scatter(
            x=[SCALES[scale] for scale in found[what].numbers],
            y=list(found[what].numbers.values()),
            name=f"{what} ({found[what].exponent:.2f})",
        )
        for what in DRAWN
        if what in found
    ]
    drawn = go.Figure(lines)
    drawn.update_xaxes(title="Codes", type="log", tickvals=list(SCALES.values()))
    drawn.update_yaxes(title="Seconds", type="log", dtick=1)
    drawn.update_layout(template="simple_white", font_size=13, legend={"y": 0.5}, margin={"t": 20})
    return drawn


def draw(drawn: go.Figure, picture: Path) -> None:
    """Write the figure as a picture, as Chromium shows it."""
    with sync_playwright() as playwright:
        path = path_of_chromium()
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 520})
        page.set_content(drawn.to_html(config={"staticPlot": True}))
        page.locator(".main-svg").first.wait_for()
        page.screenshot(path=picture)
        browser.close()


def main() -> None:
    found = costs(sections_of(REPORT))
    save(REPORT, GROWTH, table(found))
    draw(figure(found), REPORT.with_name(PICTURE))


if __name__ == "__main__":
    main()
