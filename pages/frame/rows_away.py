"""Says on a page that a cluster is asked, or does not answer: then it draws the part again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import streamlit as st

from pages.text.escape import escaped
from queries.engine.elsewhere import is_asked, is_reached
from queries.engine.service import RowsAway

AGAIN = 10  # seconds between two looks at whether the cluster answers


@contextmanager
def away_shown() -> Iterator[None]:
    """Draw the block, or a sentence in its place where its rows cannot be asked.

    While the block takes its time, it says that a cluster is asked and for how long already.
    """
    asking = st.spinner("Asking the cluster", show_time=True) if is_asked() else nullcontext()
    try:
        with asking:
            yield
    except RowsAway as error:
        say_away(error)


def say_away(error: RowsAway) -> None:
    """Say why there are no rows here, until they come back by themselves."""
    st.info(escaped(str(error)), icon=":material/cloud_off:")
    _look_again(time.monotonic())


@st.fragment(run_every=AGAIN)
def _look_again(since: float) -> None:
    # Not in the run that has just failed: it would begin again at once.
    if time.monotonic() - since > AGAIN / 2 and is_reached():
        st.rerun()
