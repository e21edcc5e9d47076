"""The links to the pages, each with the filters in force."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.frame.url_state import parameters


def links(pages: Sequence[StreamlitPage]) -> None:
    """Draw the links in the sidebar.

    Streamlit's own lead to a page without filters, and only its script could add them: a step
    back would show everything.
    """
    query = parameters()
    with st.sidebar:
        for page in pages:
            st.page_link(page, query_params=query)
