"""Opens the page of one code, at an address without the code."""

import streamlit as st

from pages.frame.url_state import parameters
from pages.people.code_keys import CodeName, code_keys
from pages.people.current import person

PAGE = "code"
KEY = "opened"  # the parameter of the page's address
OPENED = "_opened_code"


def open_code(group: str, code: str) -> None:
    """Have the next run open the page of a code. Call it from a callback."""
    st.session_state[OPENED] = code_keys.key_of(person().id, CodeName(group, code))


def show_opened_code() -> None:
    """Switch to the page that open_code() has opened. Call it before anything is drawn."""
    key = st.session_state.pop(OPENED, None)
    if key is not None:
        st.switch_page(f"{PAGE}.py", query_params={**parameters(), KEY: [key]})


def code_of_address() -> CodeName | None:
    """The code of the page's address; None where its key is unknown, or another person's."""
    return code_keys.name_of(person().id, st.query_params.get(KEY, ""))
