"""Charts with a row per name: A and B in one figure, B below A in each row."""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from pages.charts.both_looks import Trace, as_b, as_side, copied, laid_over
from pages.charts.sides import Sides
from pages.charts.style import TOP, row_axis
from pages.text.escape import plotly_text

APART = 0.19  # of a row, of each side from its middle
THICK = 0.36  # of a row: a bar
ROW = 46  # pixels
ROOM = 1.3  # to the right of the longest bar, for the numbers of B, which stand outside
FEWEST_ROWS = 4  # for which there is room


class Rows(NamedTuple):
    """Which figure has rows, of which column of the result, and what its names are called."""

    draw: Callable[[pd.DataFrame], go.Figure]  # with named_marks(), also of a single row
    column: str
    label: Callable[[str], str] = str


def rows_of_both(sides: Sides, rows: Rows) -> go.Figure | None:
    """The rows of A in their order, then those that only B has; what has no name stays last."""
    if sides.a.empty and sides.b.empty:
        return None
    a = copied(rows.draw(sides.a))
    b = copied(rows.draw(_shown_of_b(sides, rows, _names(a))))
    names = _in_order(_names(a), _names(b))[::-1]
    place = {name: row for row, name in enumerate(names)}
    traces = [
        *(as_side(_at(trace, place, APART), sides.name_a) for trace in a["data"]),
        *(as_side(as_b(_at(trace, place, -APART)), sides.name_b) for trace in b["data"]),
    ]
    short = {
        name: text
        for parts in (a, b)
        for name, text in zip(
            _names(parts)[::-1], parts["layout"]["yaxis"]["ticktext"], strict=True
        )
    }
    layouts = [a["layout"], b["layout"]]
    for layout in layouts:
        layout["yaxis"] |= row_axis([short[name] for name in names])
        layout["xaxis"].setdefault("range", [0, ROOM * _longest(traces)])
    return laid_over(traces, layouts, height=90 + ROW * max(len(names), FEWEST_ROWS))


def _at(trace: Trace, place: dict[str, int], shift: float) -> Trace:
    """The trace with its marks in the rows of their names, this much above the middle."""
    trace["y"] = [place[name] + shift for name in trace["hovertext"]]
    return trace | {"width": THICK} if trace["type"] == "bar" else trace


def _longest(bars: list[Trace]) -> float:
    return max((float(x) for bar in bars for x in bar["x"]), default=1.0)


def _names(parts: Trace) -> list[str]:
    """The names of a figure's rows as Plotly text, from the top down."""
    return list(parts["data"][0]["hovertext"])[::-1]


def _shown_of_b(sides: Sides, rows: Rows, names_of_a: list[str]) -> pd.DataFrame:
    """The rows of B: those with a name that A shows, and others until the chart is full."""
    of_a, of_b = (frame[rows.column] for frame in (sides.a, sides.b))
    shown = set(names_of_a)
    known = of_b.map(lambda name: plotly_text(rows.label(str(name))) in shown, na_action="ignore")
    only_b = of_b.notna() & ~of_b.isin(of_a)
    room = max(0, TOP - len(names_of_a))
    return sides.b[of_b.isna() | known.eq(True) | (only_b & (only_b.cumsum() <= room))]


def _in_order(of_a: list[str], of_b: list[str]) -> list[str]:
    names = [*of_a, *(name for name in of_b if name not in of_a)]
    return sorted(names, key=lambda name: name.startswith("(no\u00a0"))
