"""The small curve in a tile: the tile's own number over the period, from zero."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.figure import Figure
from pages.charts.style import CANCELLED, NET
from pages.text.numbers import percent, whole
from queries.text import days

HEIGHT = 44  # pixels
# Not of each tile: a figure takes 7 ms, and the others would tell nothing more.
CURVES = {
    "Net redemptions": ("net", NET),
    "Cancellation rate": ("cancellation_rate", CANCELLED),
}


@memoized
def curve(steps: pd.DataFrame, label: str) -> go.Figure:
    """The curve of a tile over the steps of trend.sql. A step without a rate is a gap."""
    column, colour = CURVES[label]
    written = percent if column.endswith("rate") else whole
    values = steps[column].astype(float)
    line = {
        "type": "scatter",
        "x": steps["step"],
        "y": values,
        "mode": "lines+markers",
        "marker": {"size": 3},
        "line": {"color": colour, "width": 1.5},
        "name": label,
        "text": [
            f"{period}: {written(value)}"
            for period, value in zip(_periods(steps), values, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }
    hidden = {"visible": False, "fixedrange": True}
    layout = {
        "height": HEIGHT,
        "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x",
        "xaxis": hidden | {"range": [1, len(steps)]},
        "yaxis": hidden | {"range": [0, float(values.max()) if values.any() else 1.0]},
    }
    return Figure({"data": [line], "layout": layout})


@memoized
def _periods(steps: pd.DataFrame) -> list[str]:
    """The days of each step in words."""
    ends = zip(steps["first"], steps["last"], strict=True)
    return [days(first.date(), last.date()) for first, last in ends]


def in_words(steps: pd.DataFrame, label: str) -> str:
    """The name of the curve, for whoever does not see it: its days, its lowest and highest step."""
    column, _ = CURVES[label]
    written = percent if column.endswith("rate") else whole
    values = steps[column].astype(float)
    period = days(steps["first"].iloc[0].date(), steps["last"].iloc[-1].date())
    return f"{label}, {period}: from {written(values.min())} to {written(values.max())} a step."
