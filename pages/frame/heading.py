"""The first lines of every page: its title, the search for a code, until when the data reach."""

import streamlit as st

from pages.frame.data_until import show_data_until
from pages.frame.search_key import focus_by_slash
from pages.frame.typed_codes import look_up
from pages.frame.view_state import place_of_problems
from pages.people.current import person
from pages.people.person import Right

FIELD = "find_code"
WIDTH = 240  # pixels


def heading(title: str) -> None:
    """Draw the title, the search and the data's end; then what the address has in vain.

    Raises StoreUnavailable.
    """
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.title(title, anchor=False, width="content")
        _search()
    show_data_until()
    place_of_problems()


def _search() -> None:
    """Draw the field for a code, for those who may look up one; the key / leads to it."""
    if not person().may(Right.FIND_CODES):
        return
    st.text_input(
        "Search for a code",
        key=FIELD,
        placeholder="Search for a code ( / )",
        help="Enter opens the page of the code. Where no code or several are called so, the Codes "
        "page looks among the chosen codes. What you type stays out of the address. The key / "
        "leads here.",
        icon=":material/search:",
        label_visibility="collapsed",
        width=WIDTH,
        on_change=_take,
    )
    with st.sidebar:  # where what is not to be seen takes no room
        focus_by_slash(FIELD)


def _take() -> None:
    # A page that is left can send its field once more, when the next page has one of its own.
    code = str(st.session_state.get(FIELD, "")).strip()
    st.session_state[FIELD] = ""
    if code:
        look_up(code)
