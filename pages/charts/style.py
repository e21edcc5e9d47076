"""The look that all charts share, and the axes and bars that they are made of.

Net redemptions are blue, cancelled ones vermilion and hatched, everywhere.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType
from streamlit.elements.lib.streamlit_plotly_theme import GRAY_90

from pages.charts.figure import Figure
from pages.text.escape import plotly_text, shortened

NET = "#0072B2"
CANCELLED = "#D55E00"
REST = "#8C8C8C"
# The browser puts the text colour of the theme in its place. Streamlit's own choice for charts, a
# grey of 3.7:1, is too pale to read.
TEXT = {"color": GRAY_90}
HATCH = {"shape": "/", "size": 5, "solidity": 0.35}
STACKED = (("net", "Net", NET, None), ("cancelled", "Cancelled", CANCELLED, HATCH))
# Of lines, told apart by colour-blind people, at least 3:1 against white and against black.
LINES = tuple(
    {"color": colour, "dash": dash}
    for dash in ("solid", "dash")
    for colour in ("#0072B2", "#009E73", "#B8860B", "#AA4499")
)
HEIGHT = 330  # pixels, of a chart with few bars
FEW = 6  # up to this number an axis has a tick for each
TOP = 20  # bars that fit a chart
ENOUGH = 20  # redemptions, to judge a rate by
LONGEST_NAME = 26  # letters beside a bar


def readable_on(colour: str) -> str:
    """Black or white, whichever has more contrast on a colour such as "#0072B2" (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#FFFFFF"


def counting_axis(most: float) -> dict[str, Any]:
    """An axis of whole numbers: up to a few, Plotly would write some of them twice."""
    return {"tickformat": ",d", "dtick": 1 if most <= FEW else None}


def named_bars(
    names: pd.Series, bars: list[go.Bar], x: dict[str, Any], **layout: object
) -> go.Figure:
    """Horizontal bars as named_marks(), their texts never turned."""
    return named_marks(names, [bar.update(textangle=0) for bar in bars], x, **layout)


def named_marks(
    names: pd.Series, marks: Sequence[BaseTraceType], x: dict[str, Any], **layout: object
) -> go.Figure:
    """Marks in rows with their names on the left, the last on top, and room for each.

    They stand at numbers: as categories, Plotly would take two names that look alike for
    one, and some for words of its own. A hover shows the whole name as %{hovertext}.
    """
    count = len(names)
    axis = row_axis([plotly_text(shortened(str(name), LONGEST_NAME)) for name in names])
    whole_names = [plotly_text(str(name)) for name in names]
    return figure_of(
        [mark.update(y=list(range(count)), hovertext=whole_names) for mark in marks],
        x=x,
        y=axis,
        height=max(HEIGHT, 90 + 26 * count),
        bargap=max(0.2, 1 - 0.16 * count),  # or a single bar would fill the chart
        **layout,
    )


def row_axis(texts: Sequence[str]) -> dict[str, Any]:
    """The axis of named_marks(): a text per row, from the bottom up."""
    return {
        "tickvals": list(range(len(texts))),
        "ticktext": list(texts),
        "range": [-0.5, max(len(texts), 1) - 0.5],
        "ticklabelstandoff": 6,
        "zeroline": False,
        "showgrid": False,  # a line through the numbers beside a mark would strike them out
    }


def figure_of(
    marks: Sequence[BaseTraceType | dict[str, Any]],
    x: dict[str, Any] | None = None,
    y: dict[str, Any] | None = None,
    **layout: object,
) -> go.Figure:
    """Marks on two axes. In one call: Plotly takes seven times as long to change a layout."""
    shared = {
        "height": HEIGHT,
        "margin": {"l": 0, "r": 8, "t": 8, "b": 0},
        "font": TEXT,
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        "clickmode": "event+select",
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": _readable(x or {}),
        "yaxis": _readable({"rangemode": "tozero"} | (y or {})),
    }
    return Figure(list(marks), shared | layout)


def _readable(axis: dict[str, Any]) -> dict[str, Any]:
    """An axis with room for its labels, and with the colour of the page's text."""
    titled = {"title": {"text": axis["title"], "font": TEXT}} if "title" in axis else {}
    return {"automargin": True, "tickfont": TEXT} | axis | titled
