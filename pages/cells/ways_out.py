"""The ways out of a notebook: frozen as a page, a workbook and others, and its own file."""

from urllib.parse import urlencode

import streamlit as st

from pages.cells.running import Running
from pages.text.addresses import notebook_file_url, notebook_source_url
from queries.notebooks.freezing.write import FORMS

SAYS = "Runs all cells on the data as they are now, and keeps what they show, with a receipt."
ICONS = {
    "html": ":material/web:",
    "xlsx": ":material/table:",
    "ipynb": ":material/terminal:",
    "md": ":material/markdown:",
}


def ways_out(running: Running) -> None:
    """Draw a link per form, to the route that runs the notebook with the filters in force."""
    known = running.known
    query = urlencode(running.overrides)
    st.caption(SAYS)
    for form, icon in ICONS.items():
        st.link_button(
            FORMS[form].label,
            notebook_file_url(known.name, form, query),
            icon=icon,
            key=f"freeze_{form}",
        )
    st.link_button(
        "The notebook itself, without results",
        notebook_source_url(known.name),
        icon=":material/description:",
        key="notebook_source",
    )
