"""Comparisons by age with their controls and notes, as they stand in panels."""

import streamlit as st

from pages.charts.card import draw
from pages.charts.cohort_controls import WITHIN, by_control, days_control, rate_control
from pages.charts.cohort_notes import no_curve_note, scope_note, too_young_note
from pages.charts.rate_within_days import rate_within_days
from pages.charts.redemption_curves import redemption_curves
from pages.charts.uptake_by_group import uptake_by_group
from pages.frame.scopes import ALL_TIME, of_period, within_period


def group_rates() -> None:
    """Draw the rates of groups, so far or within some days of the start of each code."""
    compared = rate_control()
    if compared != WITHIN:
        in_period = of_period() != ALL_TIME
        draw(uptake_by_group(in_period=in_period))
        if in_period:
            st.caption(f"Codes redeemed {within_period()} ÷ codes that were live then.")
        return
    days = days_control()
    draw(rate_within_days("group", days))
    too_young_note("group", days)
    scope_note()


def same_age() -> None:
    """Draw the rate within some days, and the curves by age, side by side."""
    with st.container(horizontal=True, gap="medium"):
        by = by_control()
        days = days_control()
    rates, curves = rate_within_days(by, days), redemption_curves(by)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(rates.title, anchor=False)
        draw(rates)
        too_young_note(by, days)
    with right:
        st.subheader(curves.title, anchor=False)
        draw(curves)
        no_curve_note(by)
    scope_note()
