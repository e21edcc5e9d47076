"""The filters' widgets in the sidebar."""

import streamlit as st

from pages.frame import date_filters
from pages.frame.compare_switch import compare_switch, compares_choice
from pages.frame.excluding import is_or_is_not, shown_parameters
from pages.frame.list_filter import list_filter
from pages.frame.typed_dates import apply_typed_dates
from pages.frame.url_state import SIDE_A, SIDE_B, Side, chosen, page, put
from queries.fields import YES_OR_NO, base_of
from queries.filters import BY_NAME, PARAMETERS, STATUS_WORDS, STATUSES

WITHOUT_FILTERS = (
    "imports",
    "downloads",
    "audit",
    "notebooks",
)  # pages that show the same with any filter
FIRST = ("folder", "group", "prefix", "batch")
ELSEWHERE = ("from", "to", "rest", "list")  # of which none is among the further filters
MORE = tuple(name for name in PARAMETERS if base_of(name) not in (*FIRST, *ELSEWHERE))
OPEN_ON = "_more_filters_on"  # the page on which one of MORE was in force
ALL = "all"
SHOWN = {ALL: "All", "yes": "Cancelled", "no": "Not cancelled"}


def sidebar() -> None:
    """Draw the filters, each with the values that match all others, and what is compared."""
    if page() in WITHOUT_FILTERS:
        return
    with st.sidebar:
        _first_filters(SIDE_A)
        compare_switch()
        if compares_choice():
            with st.expander("Second choice", expanded=True, key="second_choice"):
                _first_filters(SIDE_B)
                further_filters(SIDE_B)
        with st.expander("More filters", expanded=_is_open(), key="more_filters"):
            further_filters(SIDE_A)
        apply_typed_dates()


def _first_filters(side: Side) -> None:
    for name in FIRST:
        list_filter(name, side)
    date_filters.period(side)


def further_filters(side: Side) -> None:
    """Draw the filters beside the first ones: status, dates of codes, campaign, site and so on."""
    _status(side)
    date_filters.expiry(side)
    date_filters.start(side)
    for name in ("campaign", "site", "type", "item"):
        list_filter(name, side)
    _cancelled(side)
    date_filters.as_of(side)


def _is_open() -> bool:
    """Whether one of the further filters is in force, or was on this page.

    Or taking away the last of them would close the list under the hand.
    """
    filters = chosen()
    if any(filters.texts(name) for name in MORE):
        st.session_state[OPEN_ON] = page()
    return st.session_state.get(OPEN_ON) == page()


def _status(side: Side) -> None:
    for name in shown_parameters("status", side):
        put(side.key(name), side.chosen().texts(name))
        st.pills(
            BY_NAME[name].label,
            STATUSES,
            selection_mode="multi",
            format_func=STATUS_WORDS.__getitem__,
            key=side.key(name),
            on_change=_take_status,
            args=(name, side),
        )
    is_or_is_not("status", side)


def _take_status(name: str, side: Side) -> None:
    side.choose(side.chosen().with_(name, tuple(st.session_state[side.key(name)]) or None))


def _cancelled(side: Side) -> None:
    key = side.key("cancelled")
    put(key, next(iter(side.chosen().texts("cancelled")), ALL))
    st.pills(
        BY_NAME["cancelled"].label,
        SHOWN,
        required=True,
        format_func=SHOWN.__getitem__,
        key=key,
        on_change=lambda: side.choose(
            side.chosen().with_("cancelled", YES_OR_NO.get(st.session_state[key]))
        ),
    )
