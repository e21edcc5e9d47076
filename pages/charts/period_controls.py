"""The controls of a chart over time; the length of the period gives the grain at first."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.charts.cohorts import SPLITS
from pages.frame.url_state import chosen
from pages.frame.view_state import keep
from queries.fields import LAST_DAY

LENGTHS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
FITTING = {"hour": timedelta(days=3), "day": timedelta(days=60), "week": timedelta(days=500)}
MOST_BARS = 800
MEASURES = {"numbers": "Numbers", "rate": "Cancellation rate"}


def over_time_controls(rate_first: bool = False) -> tuple[str, bool]:
    """Two controls side by side: which grain, and whether the rate is shown."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        grain = _grain()
        shown = st.segmented_control(
            "Show",
            list(MEASURES),
            format_func=MEASURES.__getitem__,
            required=True,
            key=keep(
                "show",
                "rate" if rate_first else "numbers",
                list(MEASURES),
                key=f"over_time_shows_{rate_first}",
            ),
            label_visibility="collapsed",
        )
    return grain, shown == "rate"


def split_control() -> str | None:
    """Offer to split the chart; returns one of SPLITS, or None."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("Split by", width="content")
        return st.segmented_control(
            "Split by",
            list(SPLITS),
            format_func=lambda name: SPLITS[name].label,
            key=keep("split", None, list(SPLITS)),
            label_visibility="collapsed",
        )


def _grain() -> str:
    """Offer the grains that fit the chosen period; returns the one in force."""
    span = _span()
    offered = [g for g, length in LENGTHS.items() if span / length <= MOST_BARS] or ["year"]
    fitting = next((g for g, longest in FITTING.items() if span <= longest), "month")
    fitting = fitting if fitting in offered else offered[-1]
    grain = st.segmented_control(
        "Per",
        offered,
        format_func=str.capitalize,
        key=keep("grain", fitting, offered, elsewhere=list(LENGTHS)),
        label_visibility="collapsed",
    )
    return grain or fitting


def last_day(first: pd.Timestamp, grain: str) -> pd.Timestamp:
    """The last day of the period that begins on `first`, inside the calendar."""
    step = {
        "hour": pd.DateOffset(days=0),
        "day": pd.DateOffset(days=0),
        "week": pd.DateOffset(days=6),
        "month": pd.DateOffset(months=1, days=-1),
        "year": pd.DateOffset(years=1, days=-1),
    }[grain]
    try:
        return first + step
    except (OverflowError, ValueError):  # it ends after the year 9999
        return pd.Timestamp(LAST_DAY)


def _span() -> timedelta:
    filters = chosen()
    numbers = fetch("numbers", filters).iloc[0]
    first = pd.Timestamp(filters.from_) if filters.from_ else numbers["first_hour"]
    last = pd.Timestamp(filters.to) if filters.to else numbers["last_hour"]
    if pd.isna(first) or pd.isna(last):
        return timedelta(0)
    return timedelta(seconds=max(0.0, (last - first).total_seconds()))
