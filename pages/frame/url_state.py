"""The filters of this browser tab and what they are compared with, mirrored in the URL.

The state of the page's controls stands beside them.

Streamlit's own binding of widgets to the URL does not write what code has set (a click
on a chart), so the URL is written here, from one value.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import streamlit as st

from pages.frame import view_state
from pages.frame.view_state import begin_rows_anew, read_view, view_parameters
from pages.people.current import person
from pages.people.own_list import with_own_list
from queries.comparison import ALL_ROWS, CHOICE, COMPARING, OF_SECOND, Comparison
from queries.filters import PARAMETERS, Filters

MOST_VALUES = (
    900  # of all filters, a second choice too: Streamlit reads an address of up to 1,000 parameters
)
TOO_MANY = (
    "{count:,} values are more than a page can choose at once ("
    f"{MOST_VALUES}); what was chosen before is still in force."
)
FILTERS = "_filters"
COMPARISON = "_comparison"
PROBLEMS = "_problems"
WRITTEN = "_written"
PAGE = "_page"
CHOSEN_ON = "_chosen_on"
CHOOSING = (*PARAMETERS, *COMPARING)  # that choose rows, in the order of the URL
NO_FILTERS = ("receipt",)  # further parameters of a page's URL


Choice = tuple[Filters, Comparison | None]
_of_part: ContextVar[Choice | None] = ContextVar("choice", default=None)


@contextmanager
def choosing(filters: Filters, compared: Comparison | None = None) -> Iterator[None]:
    """Draw the block with these filters in force, whatever the rest of the page has."""
    token = _of_part.set((filters, compared))
    try:
        yield
    finally:
        _of_part.reset(token)


def chosen() -> Filters:
    """The filters in force."""
    return _with_list(_choice()[0])


def comparison() -> Comparison | None:
    """What the filters in force are compared with, if a comparison is chosen."""
    compared = _choice()[1]
    return replace(compared, choice=_with_list(compared.choice)) if compared else None


def _choice() -> Choice:
    """What is chosen where something is drawn: in the whole tab, but for choosing()."""
    of_part = _of_part.get()
    if of_part is not None:
        return of_part
    return st.session_state[FILTERS], st.session_state.get(COMPARISON)


def _with_list(filters: Filters) -> Filters:
    """The filters with what is known of a list that they name."""
    return with_own_list(filters, person()) if filters.list_ else filters


@dataclass(frozen=True)
class Side:
    """The filters in force, or the second choice of a comparison, as widgets show and change it.

    `prefix` stands before the URL parameter in the keys of the widgets.
    """

    prefix: str

    def chosen(self) -> Filters:
        """The filters of this side."""
        if not self.prefix:
            return chosen()
        compared = comparison()
        return compared.choice if compared else ALL_ROWS

    def choose(self, filters: Filters) -> None:
        """Put other filters in force on this side. As choose()."""
        if self.prefix:
            compare(Comparison(CHOICE, filters))
        else:
            choose(filters)

    def is_copy(self, name: str) -> bool:
        """Whether this is the second choice, with the values that the first one has."""
        return bool(self.prefix) and set(self.chosen().texts(name)) == set(chosen().texts(name))

    def key(self, name: str) -> str:
        """The key of a widget."""
        return f"{self.prefix}{name}"


SIDE_A, SIDE_B = Side(""), Side(OF_SECOND)


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
    put_in_force(filters, comparison())


def compare(compared: Comparison | None) -> None:
    """Compare the filters in force with something else, or with nothing. As choose()."""
    put_in_force(chosen(), compared)


def put_in_force(filters: Filters, compared: Comparison | None) -> None:
    """Put other filters in force, and what they are compared with. As choose()."""
    if (count := len(_texts(filters, compared))) > MOST_VALUES:
        st.session_state[PROBLEMS] = [TOO_MANY.format(count=count)]
        return
    st.session_state[FILTERS] = filters
    st.session_state[COMPARISON] = compared
    st.session_state[PROBLEMS] = []
    st.session_state[CHOSEN_ON] = st.session_state.get(PAGE)
    begin_rows_anew()


def were_chosen_here() -> bool:
    """Whether somebody has chosen the filters on this page since the last call.

    Not where they come from an address, or from another page.
    """
    return bool(st.session_state.pop(CHOSEN_ON, None) == page())


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
        compared, problems_of_second = Comparison.from_query(_among(query, COMPARING))
        filters, unreadable = Filters.from_query([*_among(query, PARAMETERS), *_unknown()])
        unreadable += problems_of_second
        st.session_state[FILTERS] = filters
        st.session_state[COMPARISON] = compared
        st.session_state[PROBLEMS] = [
            f"{problem} This part of the address is ignored." for problem in unreadable
        ]
    st.session_state[PAGE] = path
    read_view(path, st.query_params)


def write_url() -> None:
    """Write the filters and controls in force into the URL.

    In one step, and only what has changed: each writing is a step for the browser's back button.
    """
    query = _texts(chosen(), comparison())
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
    """The filters in force, and the comparison, as the parameters of a page's address."""
    return _by_name(_texts(chosen(), comparison()))


def has_list() -> bool:
    """Whether a list of codes is in force, on either side of a comparison."""
    return any(side.chosen().list_ for side in (SIDE_A, SIDE_B))


def address_without_lists() -> dict[str, list[str]]:
    """The same as address(), without the lists of codes in force."""
    filters, compared = chosen().with_("list", None), comparison()
    if compared:
        compared = replace(compared, choice=compared.choice.with_("list", None))
    given = _by_name(_texts(filters, compared))
    return given | {name: [text] for name, text in view_parameters().items()}


def _by_name(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        given.setdefault(name, []).append(text)
    return given


def _texts(filters: Filters, compared: Comparison | None) -> list[tuple[str, str]]:
    return [*filters.to_query(), *(compared.to_query() if compared else [])]


def _unknown() -> list[tuple[str, str]]:
    """The parameters of the URL that are neither a filter nor a control nor in NO_FILTERS."""
    known = {*CHOOSING, *NO_FILTERS, *view_state.NAMES}
    return [(n, str(v)) for n, v in st.query_params.items() if n not in known]


def _query() -> list[tuple[str, str]]:
    """The parameters of the URL as it is that choose rows."""
    return [(name, v) for name in CHOOSING for v in st.query_params.get_all(name)]


def _among(query: Sequence[tuple[str, str]], names: Sequence[str]) -> list[tuple[str, str]]:
    return [pair for pair in query if pair[0] in names]
