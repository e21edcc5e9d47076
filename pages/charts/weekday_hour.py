"""By weekday and hour: when codes are redeemed."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.leaders import ALL_CANCELLED, NO_REDEMPTION, ahead_of_the_next
from pages.charts.sides import Both
from pages.charts.style import ENOUGH, counting_axis, figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import plural

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
# Net redemptions' blue, the less of it the paler, on a light background and on a dark one.
BLUES = [[0, "rgba(0, 114, 178, 0.1)"], [1, "rgba(0, 114, 178, 1)"]]


@memoized
def figure(frame: pd.DataFrame) -> go.Figure:
    """Net redemptions as a heatmap of weekdays and hours; a field without any stays empty."""
    grid = (
        frame[frame["net"] > 0]
        .pivot(index="weekday", columns="hour", values="net")
        .reindex(index=range(1, 8), columns=range(24))
        .astype(float)
    )
    most = float(frame["net"].max()) if len(frame) else 0.0
    heatmap = go.Heatmap(
        z=grid.to_numpy(),
        x=[f"{hour:02}" for hour in range(24)],
        y=WEEKDAYS,
        colorscale=BLUES,
        # From zero: or Plotly would draw the smallest number as if it were none.
        zmin=0,
        zmax=max(1, most),
        xgap=1,
        ygap=1,
        hoverongaps=False,
        hovertemplate="%{y} %{x}:00–%{x}:59<br>Net: %{z:,}<extra></extra>",
        colorbar={"thickness": 10, **counting_axis(most)},
    )
    return figure_of(
        [heatmap],
        x={
            "title": "Hour",
            "tickmode": "linear",
            "dtick": 3,
            "showgrid": False,
        },
        y={"autorange": "reversed", "showgrid": False},
    )


@memoized
def reading(frame: pd.DataFrame) -> str:
    """The strongest hour of the week, and whether by chance."""
    net = int(frame["net"].sum())
    if not net:
        return NO_REDEMPTION if frame.empty else ALL_CANCELLED
    used = frame[frame["net"] > 0]
    busiest = used[used["net"] == used["net"].max()]
    best = busiest.iloc[0]
    hour = int(best["hour"])
    when = f"{WEEKDAYS[int(best['weekday']) - 1]} from {hour:02}:00 to {hour:02}:59"
    if len(used) == 1:
        return f"{plural(net, 'net redemption')}, on {when}."
    if best["net"] < ENOUGH:
        most = f"fewer than {ENOUGH} in each hour of the week"
        return f"{plural(net, 'net redemption')}: {most}, too few to say which is busiest."
    most = plural(best["net"], "net redemption")
    if len(busiest) > 1:
        return f"Busiest: {len(busiest)} hours of the week with {most} each."
    return f"Busiest: {when} with {most}{ahead_of_the_next(used['net'])}."


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
    both=Both(keys=2),
)
TABLE_FILES = [WEEKDAY_HOUR]
