"""Fragments that rerun on their own, and the message shown when the store cannot be opened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from data.store.errors import StoreUnavailable
from pages.answers.fetch import data_version
from pages.frame.code_page import show_opened_code
from pages.frame.rows_away import away_shown
from pages.frame.url_state import write_url
from pages.people.current import NobodySignedIn, NotAllowed
from pages.text.addresses import base_path
from pages.text.escape import escaped


def fragment(draw: Callable[[], None]) -> None:
    """Draw a part of the page whose widgets rerun it without the rest of the page."""
    _fragment(draw, data_version())


@st.fragment
def _fragment(draw: Callable[[], None], version_of_page: int) -> None:
    with unavailable_shown(), away_shown():
        if data_version() != version_of_page:
            st.rerun()  # the rest of the page shows older data
        show_opened_code()
        draw()
        write_url()  # what its controls have become


@contextmanager
def unavailable_shown() -> Iterator[None]:
    """Draw the block, or the message that the store cannot be opened or nobody is signed in."""
    try:
        yield
    except NobodySignedIn as error:
        st.error(escaped(str(error)), title="You are not signed in", icon=":material/lock:")
        st.link_button("Sign in", f"{base_path()}/", icon=":material/login:")
    except NotAllowed as error:
        st.error(escaped(str(error)), title="This is not for your role", icon=":material/lock:")
    except StoreUnavailable as error:
        st.error(
            escaped(str(error)), title="The data cannot be opened", icon=":material/database_off:"
        )
        st.button("Try again")
