"""Periods of a chart over time: what each is called, and where the axis has its ticks."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from queries.text import day, moment

GRAINS = ("hour", "day", "week", "month", "year")
MOST_TICKS = 7  # that fit a phone
# Every how many periods a tick may stand, so that hours begin with midnight, days with a Monday
# and months with January.
STEPS: Mapping[str, tuple[int, ...]] = {
    "hour": (1, 2, 3, 6, 12, 24, 48, 168),
    "day": (1, 2, 7, 14, 28, 91, 182),
    "week": (1, 2, 4, 8, 13, 26, 52, 104),
    "month": (1, 2, 3, 6, 12, 24, 60, 120),
    "year": (1, 2, 5, 10, 20, 50, 100),
}
MONDAY = pd.Timestamp(1900, 1, 1)
NUMBERS: Mapping[str, Callable[[pd.Timestamp], int]] = {
    "hour": lambda period: int((period - MONDAY) / pd.Timedelta(hours=1)),
    "day": lambda period: (period - MONDAY).days,
    "week": lambda period: (period - MONDAY).days // 7,
    "month": lambda period: period.year * 12 + period.month - 1,
    "year": lambda period: period.year,
}


def full_name(period: pd.Timestamp, grain: str) -> str:
    """What a period is called where it stands alone: Tue 16 May 2017."""
    return {
        "hour": f"{period:%a} {moment(period)}",
        "day": f"{period:%a} {day(period)}",
        "week": f"week from {day(period)}",
        "month": f"{period:%b %Y}",
        "year": f"{period:%Y}",
    }[grain]


def within(period: pd.Timestamp, grain: str, periods: pd.Series) -> str:
    """The same inside a sentence: on Tue 16 May. With the year where the periods have several."""
    date = day(period)
    if periods.dt.year.nunique() == 1:
        date = date.rsplit(" ", 1)[0]
    return {
        "hour": f"on {period:%a} {date} from {period:%H}:00 to {period:%H}:59",
        "day": f"on {period:%a} {date}",
        "week": f"in the week from {date}",
        "month": f"in {period:%b %Y}",
        "year": f"in {period:%Y}",
    }[grain]


def period_axis(periods: pd.Series, grain: str) -> dict[str, Any]:
    """An axis with its ticks where bars are, the year below the first and where it changes.

    Of a single period Plotly would name moments inside it, down to milliseconds.
    """
    if len(periods) == 1:
        return {"tickvals": list(periods), "ticktext": [full_name(periods.iloc[0], grain)]}
    shown = _with_ticks(list(periods), grain)
    return {"tickvals": shown, "ticktext": _labels(shown, grain), "tickangle": 0}


def _with_ticks(periods: list[pd.Timestamp], grain: str) -> list[pd.Timestamp]:
    steps = STEPS[grain]
    step = next((s for s in steps if len(periods) / s <= MOST_TICKS), steps[-1])
    return [period for period in periods if NUMBERS[grain](period) % step == 0]


def _labels(periods: list[pd.Timestamp], grain: str) -> list[str]:
    """Labels of up to two lines; the lower one only where it differs from the one before."""
    labels, before = [], ""
    for period in periods:
        date, _, year = day(period).rpartition(" ")
        upper, lower = {
            "hour": (f"{period:%H:%M}", f"{date} {year}"),
            "day": (date, year),
            "week": (date, year),
            "month": (f"{period:%b}", year),
            "year": (year, ""),
        }[grain]
        labels.append(f"{upper}<br>{lower}" if lower != before else upper)
        before = lower
    return labels
