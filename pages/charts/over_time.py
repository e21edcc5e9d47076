"""Redemptions over time, or the rate of those that were cancelled."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.both_periods import bars_of_both, lines_of_both, periods_of_b
from pages.charts.both_reading import rates_apart, totals_apart
from pages.charts.both_table import both_tables
from pages.charts.chart import Chart
from pages.charts.clicks import narrow_period
from pages.charts.over_time_reading import rate_reading, reading
from pages.charts.periods import GRAINS, full_name, period_axis
from pages.charts.rates import COMPARED, few, few_column, rate_axis, whiskers
from pages.charts.sides import Both, Sides, memoized_for_both
from pages.charts.style import CANCELLED, ENOUGH, STACKED, counting_axis, figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import percent_within


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


@memoized_for_both
def figure_of_both(sides: Sides, grain: str, *, shows_rate: bool) -> go.Figure:
    """The same of A and B, period by period."""
    draw, lay = (rate_figure, lines_of_both) if shows_rate else (figure, bars_of_both)
    return lay(sides, grain, draw(sides.a, grain), draw(sides.b, grain))


@memoized_for_both
def apart_of_both(sides: Sides, *, shows_rate: bool) -> str:
    """How much A and B differ over all periods together."""
    counts = [(int(f["cancelled"].sum()), int(f["net"].sum())) for f in (sides.a, sides.b)]
    if shows_rate:
        a, b = ((cancelled, cancelled + net) for cancelled, net in counts)
        return rates_apart(a, b, "cancelled")
    (_, net_a), (_, net_b) = counts
    return totals_apart(net_a, net_b, "net redemption", same_length=sides.same_length)


@memoized_for_both
def table_of_both(sides: Sides, grain: str) -> pd.DataFrame:
    """One row per period, of which B has another one than A where both are not of one time."""
    aligned = sides.b.assign(period=periods_of_b(sides, grain))
    both = both_tables(table(sides.a), table(aligned))
    if sides.same_period:
        return both
    own = dict(zip(aligned["period"], sides.b["period"], strict=True))
    both.insert(1, "Period from B", both["Period from"].map(own))
    return both


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
        options={"show": "rate"} if shows_rate else {},
        both=Both(
            lambda sides: figure_of_both(sides, grain, shows_rate=shows_rate),
            lambda sides: apart_of_both(sides, shows_rate=shows_rate),
            lambda sides: table_of_both(sides, grain),
        ),
    )


REDEMPTIONS = DEFINITIONS["Net redemptions"] + " " + DEFINITIONS["Cancelled"]
TABLE_FILES = [over_time("", "", grain, shows_rate=False) for grain in GRAINS]
