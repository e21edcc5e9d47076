"""What the page of a notebook shows where there is none to be opened."""

import streamlit as st

from data.store.notebook_text import NotSaved
from pages.cells.opened import Opened, opened
from pages.frame.head import page_head
from pages.text.escape import escaped


def opened_or_stop(name: str) -> Opened:
    """The notebook of that name; without one a sentence, and the script ends."""
    try:
        return opened(name)
    except NotSaved as error:
        page_head("A notebook")
        sentence = str(error) if name else "Choose a notebook, or make one."
        st.info(escaped(sentence), icon=":material/menu_book:")
        st.page_link("notebooks.py", label="All notebooks", icon=":material/menu_book:")
        st.stop()
