"""Until when the data reach, under the title of each page."""

import streamlit as st

from pages.answers.fetch import data_until, fetch
from queries.filters import Filters
from queries.text import moment


def show_data_until() -> None:
    """Draw the moment, unless the store is empty. Raises StoreUnavailable."""
    held = fetch("held", Filters()).iloc[0]
    if held["codes"] or held["transactions"]:
        st.caption(f"Data until {moment(data_until())}")
