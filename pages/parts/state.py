"""The filters of this browser tab: kept in the URL, whoever changes them.

Streamlit's own binding of widgets to the URL does not write what code has set (a click
on a chart), so the URL is written here, from one value.
"""

from collections.abc import Callable

import streamlit as st

from queries.filters import PARAMETERS, Filters

FILTERS = "_filters"
PROBLEMS = "_problems"
WRITTEN = "_written"
PAGE = "_page"


def chosen() -> Filters:
    """The filters in force."""
    filters: Filters = st.session_state[FILTERS]
    return filters


def narrows_redemptions(filters: Filters) -> bool:
    """Whether a filter is in force that chooses redemptions and not codes."""
    of_redemptions = ("campaign", "site", "from", "to", "cancelled")
    return any(filters.texts(name) for name in of_redemptions)


def page() -> str:
    """The path of the page that is shown."""
    path: str = st.session_state[PAGE]
    return path


def problems() -> list[str]:
    """A sentence for each part of the URL that could not be read."""
    said: list[str] = st.session_state[PROBLEMS]
    return said


def choose(filters: Filters) -> None:
    """Put other filters in force. Call it from a callback: the run after it shows them."""
    st.session_state[FILTERS] = filters
    st.session_state[PROBLEMS] = []


def chooser(name: str, value: object) -> Callable[[], None]:
    """A callback that sets one filter."""
    return lambda: choose(chosen().with_(name, value))


def read_url(path: str) -> None:
    """Take the filters from the URL, where somebody else than `write_url` changed it."""
    said = [(name, v) for name in PARAMETERS for v in st.query_params.get_all(name)]
    is_first = WRITTEN not in st.session_state
    moved = st.session_state.get(PAGE) != path
    # Streamlit empties the URL when the page changes: that says nothing.
    changed = said != st.session_state.get(WRITTEN) and not (moved and not said)
    if is_first or changed:
        filters, unreadable = Filters.from_query(said)
        st.session_state[FILTERS] = filters
        st.session_state[PROBLEMS] = unreadable
    st.session_state[PAGE] = path


def write_url() -> None:
    """Make the URL say the filters in force."""
    said = chosen().to_query()
    if said != [(name, v) for name in PARAMETERS for v in st.query_params.get_all(name)]:
        st.query_params.from_dict(
            {name: chosen().texts(name) for name in PARAMETERS if chosen().texts(name)}
        )
    st.session_state[WRITTEN] = said
