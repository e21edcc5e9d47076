"""By weekday and hour: when codes are redeemed."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.leaders import ALL_CANCELLED, NO_REDEMPTION
from pages.charts.style import counting_axis, figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import plural

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@memoized
def figure(frame: pd.DataFrame) -> go.Figure:
    """Net redemptions as a heatmap of weekdays and hours, the darker the more."""
    grid = (
        frame.pivot(index="weekday", columns="hour", values="net")
        .reindex(index=range(1, 8), columns=range(24))
        .fillna(0)
    )
    heatmap = go.Heatmap(
        z=grid.to_numpy(),
        x=[f"{hour:02}" for hour in range(24)],
        y=WEEKDAYS,
        colorscale="Blues",
        # From zero: or Plotly would draw an empty heatmap and one of equal numbers alike.
        zmin=0,
        zmax=max(1, float(grid.to_numpy().max())),
        hovertemplate="%{y} %{x}:00–%{x}:59<br>Net: %{z:,}<extra></extra>",
        colorbar={"thickness": 10, **counting_axis(grid.to_numpy().max())},
    )
    return figure_of(
        [heatmap],
        x={"title": "Hour", "tickmode": "linear", "dtick": 3},
        y={"autorange": "reversed"},
    )


@memoized
def reading(frame: pd.DataFrame) -> str:
    """The strongest hour of the week."""
    if not frame["net"].sum():
        return NO_REDEMPTION if frame.empty else ALL_CANCELLED
    busiest = frame[frame["net"] == frame["net"].max()]
    best = busiest.iloc[0]
    if len(busiest) > 1:
        most = plural(best["net"], "net redemption")
        return f"Busiest: {len(busiest)} hours of the week with {most} each."
    hour = int(best["hour"])
    return (
        f"Busiest: {WEEKDAYS[int(best['weekday']) - 1]} from {hour:02}:00 to {hour:02}:59 "
        f"with {plural(best['net'], 'net redemption')}."
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per weekday and hour that has any."""
    return pd.DataFrame(
        {
            "Weekday": frame["weekday"].map(dict(enumerate(WEEKDAYS, 1))),
            "Hour": frame["hour"],
            "Net redemptions": frame["net"],
            "Cancelled": frame["cancelled"],
        }
    )


WEEKDAY_HOUR = Chart(
    title="By weekday and hour",
    query="weekday_hour",
    definition="Net redemptions by the site's own clock. " + DEFINITIONS["Net redemptions"],
    figure=figure,
    reading=reading,
    table=table,
)
TABLE_FILES = [WEEKDAY_HOUR]
