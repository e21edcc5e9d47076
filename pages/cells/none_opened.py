"""What the page of a notebook shows where there is none to be opened."""

import streamlit as st

from data.store.notebook_text import NotSaved
from pages.cells.drafts import whole_text
from pages.cells.opened import Opened
from pages.cells.opening import opened, opened_before, switch_to
from pages.frame.head import page_head
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from pages.text.escape import escaped

LOST = "This tab still has it as you saw it last, with what you typed."


def opened_or_stop(name: str) -> Opened:
    """The notebook of that name; without one a sentence, and the script ends."""
    try:
        return opened(name)
    except NotSaved as error:
        page_head("A notebook")
        sentence = str(error) if name else "Choose a notebook, or make one."
        st.info(escaped(sentence), icon=":material/menu_book:")
        _offer_to_make_again(opened_before(name))
        st.page_link("notebooks.py", label="All notebooks", icon=":material/menu_book:")
        st.stop()


def _offer_to_make_again(known: Opened | None) -> None:
    """Draw a way to keep a notebook that went, or cannot be read, while this tab had it open."""
    if known is None or not notebooks.may_create(person()):
        return
    if known.notice:
        st.warning(escaped(known.notice), icon=":material/info:")
    st.caption(LOST)
    st.button(
        "Make it again", icon=":material/add:", key="make_again", on_click=_make, args=[known]
    )


def _make(known: Opened) -> None:
    try:
        switch_to(notebooks.create(person(), known.name, whole_text(known)))
    except NotSaved as error:
        known.notice = str(error)
