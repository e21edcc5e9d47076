"""How charts draw rates that are compared: their axis, their whiskers, and what marks few."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.charts.style import ENOUGH

MARK = "few"  # a rate of fewer redemptions than it takes to judge it
PALE = 0.35  # opacity of a bar of few
BESIDE = "\u2002"  # between a whisker and the numbers beside it
FEW_NOTE = f"“{MARK}” marks a rate of fewer than {ENOUGH} redemptions, which tells little."
# What stands in the definition of a chart with whiskers.
COMPARED = (
    f"{FEW_NOTE} The whiskers are Wilson's intervals, 95 of 100 of which hold the rate that there "
    "would be without chance."
)
FINE = 0.005  # below which ticks of one decimal would repeat


def few(counts: pd.Series) -> pd.Series:
    """The mark of each rate, by the number of redemptions behind it: “few”, or an empty text."""
    return ((counts > 0) & (counts < ENOUGH)).map({True: MARK, False: ""})


def few_column(counts: pd.Series) -> pd.Series:
    """The same as a column of a table, with nothing where there is no mark."""
    return few(counts).astype("str").replace("", None)


def rate_axis(most: float) -> dict[str, Any]:
    """An axis of rates from 0 to a little above the highest, with one decimal."""
    top = min(1.0, most) if most > 0 else 1.0
    return {
        "tickformat": ".1%",
        "dtick": 0.001 if top < FINE else None,
        "range": [0, top * 1.03],
    }


def numbers_beside(ends: pd.Series, texts: Sequence[str]) -> go.Scatter:
    """The numbers of each rate, to the right of where its whisker ends."""
    return go.Scatter(
        x=ends,
        mode="text",
        text=list(texts),
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
    )


def whiskers(rows: pd.DataFrame, rates: pd.Series, tells: pd.Series) -> dict[str, Any]:
    """Whiskers from `low` to `high` of the rows, on the rates that tell something."""
    return {
        "array": (rows["high"].astype(float) - rates).where(tells),
        "arrayminus": (rates - rows["low"].astype(float)).where(tells),
        "thickness": 2,
        "width": 4,
        "color": "#808080",
    }
