"""What stands around every page: title, filters in words, empty and error states."""

import streamlit as st

from pages.parts.fetch import fetch
from pages.parts.filters import above_page
from pages.parts.state import choose
from queries.filters import Filters


def page_head(title: str) -> None:
    """The title and what is chosen. Stops the page where there is nothing to show."""
    st.title(title, anchor=False)
    held = fetch("held", Filters()).iloc[0]
    if held["sample_imports"]:
        st.info(
            "This is sample data of a made-up chain. Bring your own files on the "
            "[Imports](/imports) page; the sample can be cleared there.",
            icon=":material/science:",
        )
    if not held["codes"] and not held["transactions"]:
        st.info(
            "Nothing has been imported yet. Drop files of Voucher Manager on the "
            "[Imports](/imports) page to begin.",
            icon=":material/upload_file:",
        )
        st.stop()
    above_page()


def nothing_chosen() -> None:
    """The empty state of a page whose filters match nothing."""
    st.info(
        "No code and no redemption matches these filters. Remove one of them above, "
        "or start again.",
        icon=":material/filter_alt_off:",
    )
    st.button("Clear all filters", on_click=lambda: choose(Filters()), key="clear_all_empty")
    st.stop()
