"""Parts of a page that are drawn anew alone, and what stands where the data cannot be had."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from data.store.errors import StoreUnavailable
from pages.parts.fetch import version


def drawn_alone(draw: Callable[[], None]) -> None:
    """Draw a part of the page whose controls draw it anew without the rest."""
    _alone(draw, version())


@st.fragment
def _alone(draw: Callable[[], None], of_page: int) -> None:
    with or_why_not():
        if version() != of_page:
            st.rerun()  # the rest of the page shows what is no longer so
        draw()


@contextmanager
def or_why_not() -> Iterator[None]:
    """What the block draws, or why the data cannot be opened."""
    try:
        yield
    except StoreUnavailable as error:
        st.error(str(error), title="The data cannot be opened", icon=":material/database_off:")
        st.button("Try again")
