"""Rates as dots with whiskers: how high each is, and how far chance may have moved it."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from pages.charts.rates import numbers_beside, rate_axis
from pages.charts.style import ENOUGH, NET, REST, TOP, named_marks

GAP = "\u2002\u2002"  # half a dot, also where the whisker is shorter
WIDTH = 0.66  # of the plot; the rest is for the numbers beside the whiskers


def ranked(rows: pd.DataFrame, nameless: str) -> pd.DataFrame:
    """The first rows with `name` and `codes` as charts have them, from an order by their rate.

    Those with too few codes to tell come after the others, and what has no name below them all.
    """
    named = rows[rows["name"] != nameless]
    few = (named["codes"] < ENOUGH).sort_values(kind="stable")
    return pd.concat([named.loc[few.index][:TOP], rows[rows["name"] == nameless]])


def rate_dots(
    names: pd.Series, rows: pd.DataFrame, beside: Sequence[str], notes: Sequence[str]
) -> go.Figure:
    """One dot per row of ranked(), the first on top, with `rate`, `low` and `high`.

    `names` are shown; a click gets the name of the row. `beside` stands beside the whiskers, and
    `notes` in the hover. Dots of too few codes to tell are hollow and grey.
    """
    rate, low, high = (rows[column][::-1].astype(float) for column in ("rate", "low", "high"))
    tells = rows["codes"][::-1] >= ENOUGH
    customdata = [list(three) for three in zip(rows["name"], names, notes, strict=True)]
    dots = [
        go.Scatter(
            x=rate.where(tells == is_enough),
            mode="markers",
            orientation="h",  # says that the marks are read from the top down
            marker={
                "color": colour,
                "size": 11,
                "symbol": symbol,
                "line": {"color": colour, "width": 2},
            },
            error_x={
                "array": high - rate,
                "arrayminus": rate - low,
                "color": colour,
                "thickness": 2,
                "width": 5,
            },
            customdata=customdata[::-1],
            hovertemplate="%{hovertext}<br>%{customdata[2]}<extra></extra>",
        )
        for is_enough, colour, symbol in ((True, NET, "circle"), (False, REST, "circle-open"))
    ]
    numbers = numbers_beside(high.fillna(0), [GAP + text for text in beside][::-1])
    most = high.max()
    x = rate_axis(1.0 if pd.isna(most) else float(most)) | {"domain": [0, WIDTH]}
    return named_marks(names[::-1], [*dots, numbers], x=x, showlegend=False)
