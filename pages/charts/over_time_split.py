"""Redemptions over time, or their cancellation rate, with a line per group, site and the like."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow_cohort
from pages.charts.cohorts import SPLITS
from pages.charts.over_time_split_reading import rate_reading, reading
from pages.charts.periods import GRAINS, full_name, period_axis
from pages.charts.rates import FEW_NOTE, few_column, rate_axis
from pages.charts.split_lines import MOST, Line, drawn, split
from pages.charts.style import ENOUGH, counting_axis, figure_of
from pages.text.escape import plotly_text, shortened
from pages.text.numbers import missing, percent_within

Called = dict[pd.Timestamp, str]
LONGEST_NAME = 18  # letters in the legend
EVERY_POINT = 60  # periods, up to which each has a mark
MARK = 7  # pixels
MARKS = 12  # of a line with more of them
KNOWN_ONLY = "(known only from code files)"
GATHERED = (
    f"Split, the chart has a line for each of the {MOST} with the most net redemptions, and one "
    "for all others together; what has no name is a line of its own. They add up to the chart "
    "without a split."
)


@memoized
def figure(frame: pd.DataFrame, by: str, grain: str) -> go.Figure:
    """A line of net redemptions per name. Points of incomplete periods are hollow."""
    parts, called = split(frame, by), _called(frame, grain)
    lines = [
        _line(
            line,
            called,
            line.rows["net"],
            [f"{net:,} net" for net in line.rows["net"]],
            is_full=line.rows["whole"].astype(bool),
            can_be_clicked=not (parts.beside and line is parts.nameless),
        )
        for line in drawn(parts)
    ]
    most = max((line.rows["net"].max() for line in drawn(parts)), default=1)
    return _figure(frame, grain, lines, counting_axis(most))


@memoized
def rate_figure(frame: pd.DataFrame, by: str, grain: str) -> go.Figure:
    """A line of cancellation rates per name. Points of few redemptions are hollow."""
    parts, called = split(frame, by), _called(frame, grain)
    lines = [
        _line(
            line,
            called,
            line.rows["cancellation_rate"].astype(float),
            _rates(line.rows),
            is_full=line.rows["net"] + line.rows["cancelled"] >= ENOUGH,
            can_be_clicked=not (parts.beside and line is parts.nameless),
        )
        for line in parts.lines
    ]
    most = frame["cancellation_rate"].astype(float).max()
    return _figure(frame, grain, lines, rate_axis(0 if pd.isna(most) else float(most)))


@memoized
def table(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per line and period."""
    labels = {line.name or "": line.label for line in split(frame, by).lines}
    names = frame["name"].fillna("").map(lambda name: labels.get(name, ""))
    return pd.DataFrame(
        {
            SPLITS[by].label: names.mask(frame["from_codes_file"].astype(bool), KNOWN_ONLY),
            "Period from": frame["period"],
            "Net redemptions": frame["net"],
            "Cancelled": frame["cancelled"],
            "Cancellation rate": frame["cancellation_rate"].astype(float),
            "Low": frame["low"].astype(float),
            "High": frame["high"].astype(float),
            "Whole": frame["whole"].map({True: "Yes", False: "No"}),
            "Note": few_column(frame["net"] + frame["cancelled"]),
        }
    )


def _line(
    line: Line, called: Called, y: pd.Series, texts: list[str], *, is_full: pd.Series,
    can_be_clicked: bool,
) -> dict[str, Any]:  # fmt: skip
    """A line with its marks: where there are many points, some have one, and all hollow ones."""
    name = plotly_text(line.label)
    periods = line.rows["period"].map(called)
    every = 1 if len(y) <= EVERY_POINT else len(y) // MARKS
    shown = [n % every == 0 or not full for n, full in enumerate(is_full)]
    symbols = [line.symbol if full else f"{line.symbol}-open" for full in is_full]
    chosen = line.name is not None and can_be_clicked and line.name != "(no start)"
    # Not a go.Scatter: Plotly would read its values twice.
    return {
        "type": "scatter",
        "x": line.rows["period"],
        "y": y,
        "name": plotly_text(shortened(line.label, LONGEST_NAME)),
        "mode": "lines+markers",
        "line": line.look | {"width": 2},
        "marker": {
            "symbol": symbols if len(set(symbols)) > 1 else symbols[0],
            "size": MARK if all(shown) else [MARK if is_shown else 0 for is_shown in shown],
            "color": line.look["color"],
        },
        "text": [f"{name}<br>{when}<br>{text}" for when, text in zip(periods, texts, strict=True)],
        "customdata": np.full((len(y), 2), [line.name, line.label], object) if chosen else None,
        "cliponaxis": False,
        "hovertemplate": "%{text}<extra></extra>",
    }


def _called(frame: pd.DataFrame, grain: str) -> Called:
    """What the periods of all lines are called."""
    return {period: full_name(period, grain) for period in frame["period"].drop_duplicates()}


def _rates(rows: pd.DataFrame) -> list[str]:
    """Each rate with its interval and its counts."""
    counts = zip(
        rows["cancellation_rate"].astype(float), rows["low"], rows["high"], rows["cancelled"],
        rows["net"] + rows["cancelled"], strict=True,
    )  # fmt: skip
    return [
        "" if missing(r) else f"{percent_within(r, low, high)}: {cancelled:,} of {all_:,} cancelled"
        for r, low, high, cancelled, all_ in counts
    ]


def _figure(
    frame: pd.DataFrame, grain: str, lines: list[dict[str, Any]], y: dict[str, Any]
) -> go.Figure:
    periods = frame["period"].drop_duplicates().sort_values()
    return figure_of(
        lines,
        x=period_axis(periods, grain) if len(periods) else {},
        y=y,
        legend={"orientation": "h", "y": -0.2, "x": 0, "traceorder": "normal"},
        showlegend=True,
    )


def over_time_split(title: str, definition: str, grain: str, by: str, *, shows_rate: bool) -> Chart:
    """The chart per hour, day, week, month or year, by group, folder, batch, site or month."""
    draw, read = (rate_figure, rate_reading) if shows_rate else (figure, reading)
    few = f" {FEW_NOTE}" if shows_rate else ""
    return Chart(
        title=title,
        query="over_time_split",
        definition=f"{definition} {GATHERED}{few}",
        figure=lambda frame: draw(frame, by, grain),
        reading=lambda frame: read(frame, by),
        table=lambda frame: table(frame, by),
        on_click=narrow_cohort(by),
        values={"grain": grain, "by": by, "most": MOST},
        options={"show": "rate"} if shows_rate else {},
    )


TABLE_FILES = [
    over_time_split("", "", grain, by, shows_rate=False) for by in SPLITS for grain in GRAINS
]
