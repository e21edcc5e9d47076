"""Redemptions over time, or the rate of those that were cancelled."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow_period
from pages.charts.leaders import ALL_CANCELLED, NO_REDEMPTION, NONE_CANCELLED, highest_rate
from pages.charts.style import CANCELLED, STACKED, counting_axis, figure_of
from pages.text.definitions import DEFINITIONS, cancellation_rate
from pages.text.numbers import percent, plural, whole

PERIOD_FORMATS = {
    "hour": "%a %d %b %Y, %H:00",
    "day": "%a %d %b %Y",
    "week": "week of %d %b %Y",
    "month": "%B %Y",
    "year": "%Y",
}


@memoized
def figure(frame: pd.DataFrame, grain: str) -> go.Figure:
    """Net and cancelled redemptions, stacked, one bar per period. Incomplete periods are pale."""
    when = frame["period"].dt.strftime(PERIOD_FORMATS[grain])
    note = frame["whole"].map({True: "", False: " (not the whole of it)"})
    customdata = list(zip(frame["period"].dt.strftime("%Y-%m-%d"), when + note, strict=True))
    opacity = frame["whole"].map({True: 1.0, False: 0.55})
    bars = [
        go.Bar(
            x=frame["period"],
            y=frame[column],
            name=label,
            marker={"color": colour, "opacity": opacity, "pattern": pattern},
            customdata=customdata,
            hovertemplate="%{customdata[1]}<br>" + label + ": %{y:,}<extra></extra>",
        )
        for column, label, colour, pattern in STACKED
    ]
    most = (frame["net"] + frame["cancelled"]).max()
    x = _axis(frame, grain)
    return figure_of(bars, x=x, y=counting_axis(most), barmode="stack", bargap=0.15)


@memoized
def rate_figure(frame: pd.DataFrame, grain: str) -> go.Figure:
    """The share of redemptions that were cancelled, one point per period that has any."""
    points = go.Scatter(
        x=frame["period"],
        y=frame["cancellation_rate"].astype(float),
        mode="lines+markers",
        name="Cancellation rate",
        line={"color": CANCELLED, "dash": "dot"},
        marker={"symbol": "diamond"},
        customdata=list(
            zip(
                frame["period"].dt.strftime("%Y-%m-%d"),
                frame["period"].dt.strftime(PERIOD_FORMATS[grain]),
                frame["cancelled"],
                frame["net"] + frame["cancelled"],
                strict=True,
            )
        ),
        hovertemplate="%{customdata[1]}<br>%{y:.1%}: %{customdata[2]:,} of "
        "%{customdata[3]:,}<extra></extra>",
    )
    return figure_of([points], x=_axis(frame, grain), y={"tickformat": ".2~%"})


def _axis(frame: pd.DataFrame, grain: str) -> dict[str, Any] | None:
    """Of a single period Plotly would name moments inside it, down to milliseconds."""
    if len(frame) != 1:
        return None
    period = frame["period"][0]
    return {"tickvals": [period], "ticktext": [period.strftime(PERIOD_FORMATS[grain])]}


@memoized
def reading(frame: pd.DataFrame, grain: str) -> str:
    """The strongest period, and what cancelled means here."""
    net, cancelled = int(frame["net"].sum()), int(frame["cancelled"].sum())
    if net + cancelled == 0:
        return NO_REDEMPTION
    if not net:
        if cancelled == 1:
            return f"{ALL_CANCELLED} There is one, shown when it was redeemed."
        return f"{ALL_CANCELLED} There are {whole(cancelled)}, shown when they were redeemed."
    best = frame[frame["net"] == frame["net"].max()]
    most = f"the most ({whole(best['net'].iloc[0])})"
    if len(best) > 1:
        most += f" in each of {whole(len(best))} {grain}s"
    else:
        when = best["period"].iloc[0].strftime(PERIOD_FORMATS[grain])
        most += f" in the {grain} {when.removeprefix('week of ')}"
    pale = " Pale bars are not whole." if not frame["whole"].all() else ""
    return (
        f"{plural(net, 'net redemption')}, {most}; {whole(cancelled)} cancelled, "
        f"shown when they were redeemed.{pale}"
    )


@memoized
def rate_reading(frame: pd.DataFrame, grain: str) -> str:
    """The rate over all periods, and the highest among those with enough redemptions to judge."""
    frame = frame.assign(redemptions=frame["net"] + frame["cancelled"])
    cancelled, redemptions = frame["cancelled"].sum(), int(frame["redemptions"].sum())
    if not redemptions:
        return NO_REDEMPTION
    if not cancelled:
        return NONE_CANCELLED
    rate = percent(cancellation_rate(cancelled, redemptions))
    overall = f"{rate} of {plural(redemptions, 'redemption')}"
    leading, among = highest_rate(frame, grain)
    highest = leading.iloc[0]
    if not highest["cancelled"]:
        return f"{overall} were cancelled, none of them{among}."
    rate = percent(highest["cancellation_rate"])
    if len(leading) > 1:
        return (
            f"{overall} were cancelled; {whole(len(leading))} {grain}s share the highest "
            f"rate{among}: {rate}."
        )
    when = highest["period"].strftime(PERIOD_FORMATS[grain]).removeprefix("week of ")
    return (
        f"{overall} were cancelled; the {grain} {when} had the highest rate{among}: "
        f"{rate} of {whole(highest['redemptions'])}."
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per period."""
    return pd.DataFrame(
        {
            "Period from": frame["period"],
            "Net redemptions": frame["net"],
            "Cancelled": frame["cancelled"],
            "Cancellation rate": frame["cancellation_rate"],
            "Whole": frame["whole"].map({True: "Yes", False: "No"}),
        }
    )


def over_time(title: str, definition: str, grain: str, *, shows_rate: bool) -> Chart:
    """The chart per hour, day, week, month or year."""
    draw, read = (rate_figure, rate_reading) if shows_rate else (figure, reading)
    return Chart(
        title=title,
        query="over_time",
        definition=definition,
        figure=lambda frame: draw(frame, grain),
        reading=lambda frame: read(frame, grain),
        table=table,
        # Filters know whole days: the bar of an hour would choose more than itself.
        on_click=None if grain == "hour" else narrow_period(grain),
        values={"grain": grain},
    )


REDEMPTIONS = DEFINITIONS["Net redemptions"] + " " + DEFINITIONS["Cancelled"]
TABLE_FILES = [over_time("", "", grain, shows_rate=False) for grain in PERIOD_FORMATS]
