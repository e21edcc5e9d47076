"""The switch of the sidebar that says what the filters in force are compared with."""

import streamlit as st

from pages.frame.url_state import chosen, compare, comparison, put
from queries.comparison import CHOICE, COMPARE, WAYS, Comparison

OFF = "off"
OFFERED = {OFF: "Off", **WAYS}
HELP = (
    "Shows every number beside that of a second choice, with their difference. Year before: the "
    "same days 52 weeks earlier, so on the same weekdays. Everything else: all codes that the "
    "filters leave out, in the same period; where only site, campaign or cancelled are filtered, "
    "all other redemptions."
)


def compare_switch() -> None:
    """Draw the switch."""
    compared = comparison()
    put(COMPARE, compared.way if compared else OFF)
    st.selectbox(
        "Compare with",
        list(OFFERED),
        format_func=OFFERED.__getitem__,
        key=COMPARE,
        help=HELP,
        on_change=_take,
    )


def compares_choice() -> bool:
    """Whether the second choice is one of its own, with filters to be chosen."""
    compared = comparison()
    return compared is not None and compared.way == CHOICE


def _take() -> None:
    way = st.session_state[COMPARE]
    if way == CHOICE:  # to be changed where it differs: so both are of the same period
        compare(Comparison(CHOICE, chosen()))
    else:
        compare(Comparison(way) if way in WAYS else None)
