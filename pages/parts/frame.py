"""What stands around every page: title, filters in words, empty and error states."""

import streamlit as st

from pages.parts.fetch import fetch
from pages.parts.filters import above_page
from pages.parts.past import of_download
from pages.parts.state import choose
from pages.parts.words import plural
from queries.filters import Filters


def page_head(title: str) -> None:
    """The title and what is chosen. Stops the page where there is nothing to show."""
    st.title(title, anchor=False)
    of_download()
    held = fetch("held", Filters()).iloc[0]
    if held["sample_imports"]:
        _to_imports(
            "This is sample data of a made-up chain. Bring your own files on the Imports page; "
            "the sample can be cleared there.",
            ":material/science:",
        )
    if not held["codes"] and not held["transactions"]:
        _to_imports(
            "Nothing has been imported yet. Drop files of Voucher Manager on the Imports page "
            "to begin.",
            ":material/upload_file:",
        )
        st.stop()
    above_page()


def _to_imports(text: str, icon: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(text, icon=icon)
        st.page_link("imports.py", label="Imports", icon=":material/upload_file:", width="content")


def nothing_chosen(codes: int = 0) -> None:
    """The empty state of a page: no redemption of any of the codes, or nothing at all."""
    what = (
        f"{plural(codes, 'code')} {'matches' if codes == 1 else 'match'} these filters, "
        "but no redemption does."
        if codes
        else "No code and no redemption matches these filters."
    )
    st.info(f"{what} Remove one of them above, or start again.", icon=":material/filter_alt_off:")
    st.button("Clear all filters", on_click=lambda: choose(Filters()), key="clear_all_empty")
    st.stop()
