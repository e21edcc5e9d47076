"""The controls of comparisons by age: of what cohorts are made, and within how many days."""

import streamlit as st

from pages.charts.cohorts import AGES, KINDS
from pages.charts.rate_within_days import MOST_DAYS
from pages.frame.view_state import keep

USUAL = 28
SO_FAR, WITHIN, OTHER = "so far", "within", "other"
RATES = {SO_FAR: "So far", WITHIN: "Within N days"}
DAYS = {**{str(age): str(age) for age in AGES}, str(AGES[-1]): f"{AGES[-1]} days", OTHER: "Other"}


def by_control() -> str:
    """Offer what cohorts are made of; returns the parameter of the queries."""
    by = st.segmented_control(
        "Compare",
        list(KINDS),
        required=True,
        format_func=lambda name: KINDS[name].label,
        key=keep("by", "batch", list(KINDS)),
        label_visibility="collapsed",
    )
    return by or "batch"


def days_control() -> int:
    """Offer within how many days of their start codes are compared."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        picked = st.segmented_control(
            "Within days",
            list(DAYS),
            required=True,
            format_func=DAYS.__getitem__,
            key=keep("days", str(USUAL), list(DAYS)),
            label_visibility="collapsed",
        )
        if picked != OTHER:
            return int(picked or USUAL)
        return int(
            st.number_input(
                "Days",
                min_value=1,
                max_value=MOST_DAYS,
                key=keep("other_days", USUAL, range(1, MOST_DAYS + 1)),
                label_visibility="collapsed",
                width=130,
            )
        )


def rate_control() -> str:
    """Offer the rate so far or within some days; returns one of RATES."""
    rate = st.segmented_control(
        "Rate",
        list(RATES),
        required=True,
        format_func=RATES.__getitem__,
        key=keep("rate", SO_FAR, list(RATES)),
        label_visibility="collapsed",
    )
    return rate or SO_FAR
