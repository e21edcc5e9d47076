"""The controls of comparisons by age: of what cohorts are made, and within how many days."""

import streamlit as st

from pages.charts.cohorts import AGES, KINDS
from pages.charts.rate_within_days import MOST_DAYS

USUAL = 28
OTHER = "Other"
RATES = SO_FAR, WITHIN = "So far", "Within N days"


def by_control() -> str:
    """Offer what cohorts are made of; returns the parameter of the queries."""
    by: str = st.segmented_control(
        "Compare",
        list(KINDS),
        default="batch",
        required=True,
        format_func=lambda name: KINDS[name].label,
        key="by",
        label_visibility="collapsed",
    )
    return by


def days_control() -> int:
    """Offer within how many days of their start codes are compared."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        picked = st.segmented_control(
            "Within days",
            [*map(str, AGES), OTHER],
            default=str(USUAL),
            required=True,
            format_func=lambda days: f"{days} days" if days == str(AGES[-1]) else days,
            key="days",
            label_visibility="collapsed",
        )
        if picked != OTHER:
            return int(picked)
        return int(
            st.number_input(
                "Days",
                min_value=1,
                max_value=MOST_DAYS,
                value=USUAL,
                key="days_typed",
                label_visibility="collapsed",
                width=130,
            )
        )


def rate_control() -> str:
    """Offer the rate so far or within some days; returns one of RATES."""
    rate: str = st.segmented_control(
        "Rate",
        RATES,
        default=SO_FAR,
        required=True,
        key="rate",
        label_visibility="collapsed",
    )
    return rate
