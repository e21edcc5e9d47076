"""The filters' widgets in the sidebar."""

import streamlit as st

from pages.frame import date_filters
from pages.frame.excluding import is_or_is_not, shown_parameters
from pages.frame.list_filter import list_filter
from pages.frame.typed_dates import apply_typed_dates
from pages.frame.url_state import choose, chosen, page, put
from queries.fields import YES_OR_NO, base_of
from queries.filters import BY_NAME, PARAMETERS, STATUS_WORDS, STATUSES

WITHOUT_FILTERS = ("imports", "downloads", "audit")  # pages that show the same with any filter
FIRST = ("folder", "group", "prefix", "batch")
MORE = tuple(name for name in PARAMETERS if base_of(name) not in (*FIRST, "from", "to"))
OPEN_ON = "_more_filters_on"  # the page on which one of MORE was in force
ALL = "all"
SHOWN = {ALL: "All", "yes": "Cancelled", "no": "Not cancelled"}


def sidebar() -> None:
    """Draw the filters; each offers the values that match all others."""
    if page() in WITHOUT_FILTERS:
        return
    with st.sidebar:
        for name in FIRST:
            list_filter(name)
        date_filters.period()
        with st.expander("More filters", expanded=_is_open(), key="more_filters"):
            _status()
            date_filters.expiry()
            date_filters.start()
            for name in ("campaign", "site", "type", "item"):
                list_filter(name)
            _cancelled()
            date_filters.as_of()
        apply_typed_dates()


def _is_open() -> bool:
    """Whether one of the further filters is in force, or was on this page.

    Or taking away the last of them would close the list under the hand.
    """
    filters = chosen()
    if any(filters.texts(name) for name in MORE):
        st.session_state[OPEN_ON] = page()
    return st.session_state.get(OPEN_ON) == page()


def _status() -> None:
    for name in shown_parameters("status"):
        put(name, chosen().texts(name))
        st.pills(
            BY_NAME[name].label,
            STATUSES,
            selection_mode="multi",
            format_func=STATUS_WORDS.__getitem__,
            key=name,
            on_change=_take_status,
            args=(name,),
        )
    is_or_is_not("status")


def _take_status(name: str) -> None:
    choose(chosen().with_(name, tuple(st.session_state[name]) or None))


def _cancelled() -> None:
    put("cancelled", next(iter(chosen().texts("cancelled")), ALL))
    st.pills(
        BY_NAME["cancelled"].label,
        SHOWN,
        required=True,
        format_func=SHOWN.__getitem__,
        key="cancelled",
        on_change=lambda: choose(
            chosen().with_("cancelled", YES_OR_NO.get(st.session_state["cancelled"]))
        ),
    )
