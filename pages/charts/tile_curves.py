"""The small curve in a tile: the tile's own number over the period, from zero."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.style import CANCELLED, NET, REST
from pages.text.numbers import percent, whole
from queries.text import days

HEIGHT = 44  # pixels
CURVES = {
    "Redeemed codes": ("redeemed_codes", NET),
    "Net redemptions": ("net", NET),
    "Cancelled": ("cancelled", CANCELLED),
    "Cancellation rate": ("cancellation_rate", CANCELLED),
    "Outstanding": ("outstanding", REST),
}


@memoized
def curve(steps: pd.DataFrame, label: str) -> go.Figure:
    """The curve of a tile over the steps of trend.sql. A step without a rate is a gap."""
    column, colour = CURVES[label]
    written = percent if column.endswith("rate") else whole
    values = steps[column].astype(float)
    line = go.Scatter(
        x=steps["step"],
        y=values,
        mode="lines+markers",
        marker={"size": 3},
        line={"color": colour, "width": 1.5},
        name=label,
        text=[
            f"{days(first.date(), last.date())}: {written(value)}"
            for first, last, value in zip(steps["first"], steps["last"], values, strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )
    highest = values.max() if values.any() else 1.0
    hidden = {"visible": False, "fixedrange": True}
    return go.Figure(
        line,
        {
            "height": HEIGHT,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "x",
            "xaxis": hidden | {"range": [1, len(steps)]},
            "yaxis": hidden | {"range": [0, float(highest)]},
        },
    )


def in_words(steps: pd.DataFrame, label: str) -> str:
    """The name of the curve, for whoever does not see it: its days, its lowest and highest step."""
    column, _ = CURVES[label]
    written = percent if column.endswith("rate") else whole
    values = steps[column].astype(float)
    period = days(steps["first"].iloc[0].date(), steps["last"].iloc[-1].date())
    return f"{label}, {period}: from {written(values.min())} to {written(values.max())} a step"
