"""Redemptions over time, or the rate of those that were cancelled."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow_period
from pages.charts.leaders import (
    ALL_CANCELLED,
    NO_REDEMPTION,
    NONE_CANCELLED,
    ahead_of_the_next,
    chance_of,
    highest_rate,
)
from pages.charts.periods import GRAINS, full_name, period_axis, within
from pages.charts.rates import COMPARED, few, few_column, rate_axis, whiskers
from pages.charts.style import CANCELLED, ENOUGH, STACKED, counting_axis, figure_of
from pages.text.definitions import DEFINITIONS, cancellation_rate
from pages.text.numbers import percent, percent_within, plural, whole


@memoized
def figure(frame: pd.DataFrame, grain: str) -> go.Figure:
    """Net and cancelled redemptions, stacked, one bar per period. Incomplete periods are pale."""
    note = frame["whole"].map({True: "", False: " (only a part of it)"})
    customdata = _customdata(frame, grain, note)
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
    x = period_axis(frame["period"], grain)
    return figure_of(bars, x=x, y=counting_axis(most), barmode="stack", bargap=0.15)


@memoized
def rate_figure(frame: pd.DataFrame, grain: str) -> go.Figure:
    """The share of redemptions that were cancelled, one point per period that has any."""
    redemptions = frame["net"] + frame["cancelled"]
    rate, tells = frame["cancellation_rate"].astype(float), redemptions >= ENOUGH
    texts = [
        f"{percent_within(r, low, high)}: {cancelled:,} of {all_:,}{f' · {note}' if note else ''}"
        for r, low, high, cancelled, all_, note in zip(
            rate, frame["low"], frame["high"], frame["cancelled"], redemptions, few(redemptions),
            strict=True,
        )
    ]  # fmt: skip
    points = go.Scatter(
        x=frame["period"],
        y=rate,
        mode="lines+markers",
        name="Cancellation rate",
        line={"color": CANCELLED, "dash": "dot"},
        marker={"symbol": tells.map({True: "diamond", False: "diamond-open"})},
        error_y=whiskers(frame, rate, tells),
        text=texts,
        customdata=_customdata(frame, grain),
        cliponaxis=False,
        hovertemplate="%{customdata[1]}<br>%{text}<extra></extra>",
    )
    most = pd.concat([rate, frame["high"].astype(float).where(tells)]).max()
    return figure_of([points], x=period_axis(frame["period"], grain), y=rate_axis(most))


@memoized
def reading(frame: pd.DataFrame, grain: str) -> str:
    """The strongest period and whether by chance, and what cancelled means here."""
    net, cancelled = int(frame["net"].sum()), int(frame["cancelled"].sum())
    if net + cancelled == 0:
        return NO_REDEMPTION
    if not net:
        if cancelled == 1:
            return f"{ALL_CANCELLED} There is one, shown when it was redeemed."
        return f"{ALL_CANCELLED} There are {whole(cancelled)}, shown when they were redeemed."
    pale = (
        "" if frame["whole"].all() else " Pale bars: the period covers only part of them."
    )  # fmt: skip
    return (
        f"{plural(net, 'net redemption')}{_most(frame, grain)}; {whole(cancelled)} cancelled, "
        f"shown when they were redeemed.{pale}"
    )


@memoized
def rate_reading(frame: pd.DataFrame, grain: str) -> str:
    """The rate over all periods; and the highest, whether by chance, where enough can be judged."""
    frame = frame.assign(redemptions=frame["net"] + frame["cancelled"])
    cancelled, redemptions = frame["cancelled"].sum(), int(frame["redemptions"].sum())
    if not redemptions:
        return NO_REDEMPTION
    if not cancelled:
        return NONE_CANCELLED
    several = f"{grain}s"
    rate = percent(cancellation_rate(cancelled, redemptions))
    overall = f"{rate} of {plural(redemptions, 'redemption')} were cancelled"
    used = frame[frame["redemptions"] > 0]
    if len(used) == 1:
        return f"{overall}, all {within(used['period'].iloc[0], grain, frame['period'])}."
    hollow = (used["redemptions"] < ENOUGH).any()
    note = f" Hollow points: fewer than {ENOUGH} redemptions." if hollow else ""
    leading, among = highest_rate(used, several)
    if leading.empty:
        return (
            f"{overall}; fewer than two {several} have the {ENOUGH} redemptions that it takes to "
            f"compare them.{note}"
        )
    highest = leading.iloc[0]
    if not highest["cancelled"]:
        return f"{overall}, none of them{among}.{note}"
    if len(leading) > 1:
        rate = percent(highest["cancellation_rate"])
        share = f"{whole(len(leading))} {several} share the highest rate{among}: {rate}."
        return f"{overall}; {share}{note}"
    when = within(highest["period"], grain, frame["period"])
    rate = percent_within(highest["cancellation_rate"], highest["low"], highest["high"])
    chance, _ = chance_of(leading, used, several)
    of = f"{rate} of {whole(highest['redemptions'])}"
    return f"{overall}. The highest rate{among} was {when}: {of}{chance}.{note}"


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per period."""
    return pd.DataFrame(
        {
            "Period from": frame["period"],
            "Net redemptions": frame["net"],
            "Cancelled": frame["cancelled"],
            "Cancellation rate": frame["cancellation_rate"],
            "Low": frame["low"],
            "High": frame["high"],
            "Whole": frame["whole"].map({True: "Yes", False: "No"}),
            "Note": few_column(frame["net"] + frame["cancelled"]),
        }
    )


def _customdata(
    frame: pd.DataFrame, grain: str, note: pd.Series | None = None
) -> list[tuple[str, str]]:
    """What a click on each period chooses, and what it is called."""
    names = pd.Series([full_name(p, grain) for p in frame["period"]], frame.index, dtype=object)
    return list(
        zip(
            frame["period"].dt.strftime("%Y-%m-%d"),
            names if note is None else names + note,
            strict=True,
        )
    )


def _most(frame: pd.DataFrame, grain: str) -> str:
    """The period with the most net redemptions, where that is enough to tell."""
    best = frame[frame["net"] == frame["net"].max()]
    when = within(best["period"].iloc[0], grain, frame["period"])
    if len(frame) == 1:
        return f" {when}"
    if best["net"].iloc[0] < ENOUGH:
        return ""
    most = f", the most ({whole(best['net'].iloc[0])})"
    if len(best) > 1:
        return f"{most} in each of {whole(len(best))} {grain}s"
    return f"{most} {when}{ahead_of_the_next(frame['net'])}"


def over_time(title: str, definition: str, grain: str, *, shows_rate: bool) -> Chart:
    """The chart per hour, day, week, month or year."""
    draw, read = (rate_figure, rate_reading) if shows_rate else (figure, reading)
    return Chart(
        title=title,
        query="over_time",
        definition=f"{definition} {COMPARED}" if shows_rate else definition,
        figure=lambda frame: draw(frame, grain),
        reading=lambda frame: read(frame, grain),
        table=table,
        # Filters know whole days: the bar of an hour would choose more than itself.
        on_click=None if grain == "hour" else narrow_period(grain),
        values={"grain": grain},
    )


REDEMPTIONS = DEFINITIONS["Net redemptions"] + " " + DEFINITIONS["Cancelled"]
TABLE_FILES = [over_time("", "", grain, shows_rate=False) for grain in GRAINS]
