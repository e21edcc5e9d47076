"""What a page says where the chosen period has no redemption: where the data end."""

from datetime import timedelta

import streamlit as st

from pages.answers.fetch import data_until, today
from pages.frame.place import in_cell
from pages.frame.scopes import ALL_TIME, of_period, within_period
from pages.frame.url_state import choose, chosen
from queries.text import day

SHOWN = 28  # days that are offered, the last ones of the data


def say_that_the_period_is_empty(redemptions: int) -> None:
    """Say so where there is none in the period, and offer the last days of the data."""
    if redemptions or of_period() == ALL_TIME:
        return
    st.info(
        f"No redemptions match these filters {within_period()}. "
        f"Your data end on {day(data_until().date())}.",
        icon=":material/event_busy:",
    )
    if in_cell():  # it would change the filter of the whole notebook
        return
    st.button(
        f"Show the last {SHOWN} days of the data",
        icon=":material/event_available:",
        key="last_days",
        on_click=_show_last_days,
    )


def _show_last_days() -> None:
    last = today()
    first = last - timedelta(days=SHOWN - 1)
    choose(chosen().with_("from", first).with_("to", last))
