"""Charts over time: A and B in one figure, period beside period."""

import pandas as pd
import plotly.graph_objects as go

from pages.charts.both_looks import Trace, as_b, as_side, copied, laid_over
from pages.charts.periods import period_axis
from pages.charts.sides import Sides

STEPS = {
    "hour": pd.DateOffset(hours=1),
    "day": pd.DateOffset(days=1),
    "week": pd.DateOffset(weeks=1),
    "month": pd.DateOffset(months=1),
    "year": pd.DateOffset(years=1),
}
SHORTEST = {"hour": 1 / 24, "day": 1, "week": 7, "month": 28, "year": 365}  # days
DAY = 86_400_000  # milliseconds
WIDTH = 0.42  # of a period: a bar


def periods_of_b(sides: Sides, grain: str) -> pd.Series:
    """Under which period of A each one of B stands.

    The same one where both are of the same time; else the first of B under the first of A.
    """
    if sides.same_period or sides.a.empty:
        return sides.b["period"]
    first = sides.a["period"].iloc[0]
    periods = [first + STEPS[grain] * n for n in range(len(sides.b))]
    return pd.Series(periods, sides.b.index, dtype=sides.a["period"].dtype)


def bars_of_both(sides: Sides, grain: str, a: go.Figure, b: go.Figure) -> go.Figure:
    """Stacked bars of both, B to the right of A."""
    of_a, of_b = copied(a), copied(b)
    _stand_beside(of_a["data"], grain, -WIDTH)
    _stand_beside(of_b["data"], grain, 0)
    return _over_time(sides, grain, of_a, of_b)


def lines_of_both(sides: Sides, grain: str, a: go.Figure, b: go.Figure) -> go.Figure:
    """Lines of both, that of B dashed."""
    of_a, of_b = copied(a), copied(b)
    for trace in of_a["data"]:
        trace["line"]["dash"] = "solid"
    return _over_time(sides, grain, of_a, of_b)


def _over_time(sides: Sides, grain: str, a: Trace, b: Trace) -> go.Figure:
    under = periods_of_b(sides, grain)
    periods = pd.concat([sides.a["period"], under]).drop_duplicates().sort_values()
    traces = [
        *(as_side(trace, sides.name_a) for trace in a["data"]),
        *(as_side(as_b(trace | {"x": under}), sides.name_b) for trace in b["data"]),
    ]
    layouts = [a["layout"], b["layout"]]
    for layout in layouts:
        layout["xaxis"] |= period_axis(periods, grain)
    return laid_over(traces, layouts)


def _stand_beside(bars: list[Trace], grain: str, offset: float) -> None:
    """Put stacked bars to one side of the middle.

    Each has a base: without, Plotly would stack those of B on those of A.
    """
    length = SHORTEST[grain] * DAY
    base = [0] * len(bars[0]["y"])
    for bar in bars:
        bar |= {"width": WIDTH * length, "offset": offset * length, "base": base}
        # Plotly would add the base to %{y}.
        bar |= {"text": [f"{count:,}" for count in bar["y"]], "textposition": "none"}
        bar["hovertemplate"] = bar["hovertemplate"].replace("%{y:,}", "%{text}")
        base = bar["y"]
