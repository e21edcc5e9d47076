"""The filters of this browser tab, mirrored in the URL beside the state of the page's controls.

Streamlit's own binding of widgets to the URL does not write what code has set (a click
on a chart), so the URL is written here, from one value.
"""

import streamlit as st

from pages.frame import view_state
from pages.frame.view_state import begin_rows_anew, read_view, view_parameters
from queries.filters import PARAMETERS, Filters

MOST_VALUES = 900  # of all filters: Streamlit reads an address of up to 1,000 parameters
TOO_MANY = (
    "{count:,} values are more than a page can choose at once ("
    f"{MOST_VALUES}); what was chosen before is still in force."
)
FILTERS = "_filters"
PROBLEMS = "_problems"
WRITTEN = "_written"
PAGE = "_page"
NO_FILTERS = ("receipt",)  # further parameters of a page's URL


def chosen() -> Filters:
    """The filters in force."""
    filters: Filters = st.session_state[FILTERS]
    return filters


def page() -> str:
    """The path of the page that is shown."""
    path: str = st.session_state[PAGE]
    return path


def problems() -> list[str]:
    """A sentence for each part of the URL that could not be read."""
    sentences: list[str] = st.session_state[PROBLEMS]
    return sentences


def choose(filters: Filters) -> None:
    """Put other filters in force. Call it from a callback: the run after it shows them.

    Not with more values than an address can carry: then those before stay in force.
    """
    if (count := len(filters.to_query())) > MOST_VALUES:
        st.session_state[PROBLEMS] = [TOO_MANY.format(count=count)]
        return
    st.session_state[FILTERS] = filters
    st.session_state[PROBLEMS] = []
    begin_rows_anew()


def put(key: str, value: object) -> None:
    """Set the value of a widget, if it has another one."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def is_first_run() -> bool:
    """Whether the tab has just been opened."""
    return WRITTEN not in st.session_state


def read_url(path: str) -> None:
    """Take filters and controls from the URL, if anything but `write_url` has changed it."""
    query = _query()
    moved = st.session_state.get(PAGE) != path
    # Streamlit empties the URL when the page changes: nobody has removed the filters.
    changed = query != st.session_state.get(WRITTEN) and not (moved and not query)
    if is_first_run() or changed:
        filters, unreadable = Filters.from_query([*query, *_unknown()])
        st.session_state[FILTERS] = filters
        st.session_state[PROBLEMS] = [
            f"{problem} This part of the address is ignored." for problem in unreadable
        ]
    st.session_state[PAGE] = path
    read_view(path, st.query_params)


def write_url() -> None:
    """Write the filters and controls in force into the URL.

    In one step, and only what has changed: each writing is a step for the browser's back button.
    """
    query = chosen().to_query()
    if query != _query():
        st.query_params.from_dict(address())
    elif view_parameters() != {n: v for n, v in st.query_params.items() if n in view_state.NAMES}:
        further = {n: [st.query_params[n]] for n in NO_FILTERS if n in st.query_params}
        st.query_params.from_dict(address() | further)
    view_state.note_written()
    st.session_state[WRITTEN] = query


def address() -> dict[str, list[str]]:
    """All parameters of this view's address: filters and controls."""
    return parameters() | {name: [text] for name, text in view_parameters().items()}


def parameters() -> dict[str, list[str]]:
    """The filters in force as the parameters of a page's address."""
    filters = chosen()  # once: Streamlit's session state takes its time
    return {name: texts for name in PARAMETERS if (texts := filters.texts(name))}


def _unknown() -> list[tuple[str, str]]:
    """The parameters of the URL that are neither a filter nor a control nor in NO_FILTERS."""
    known = {*PARAMETERS, *NO_FILTERS, *view_state.NAMES}
    return [(n, str(v)) for n, v in st.query_params.items() if n not in known]


def _query() -> list[tuple[str, str]]:
    """The filters' parameters of the URL as it is."""
    return [(name, v) for name in PARAMETERS for v in st.query_params.get_all(name)]
