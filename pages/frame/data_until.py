"""Until when the data reach, under the title of each page, and what has changed since Monday."""

import streamlit as st

from pages.answers.fetch import data_until, fetch
from pages.frame.since_link import since_link
from queries.filters import Filters
from queries.text import moment


def show_data_until() -> None:
    """Draw the moment and the link, unless the store is empty. Raises StoreUnavailable."""
    held = fetch("held", Filters()).iloc[0]
    if held["codes"] or held["transactions"]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f"Data until {moment(data_until())}", width="content")
            since_link()
