"""What a tab shows where somebody else has saved the notebook first: both texts, and a choice."""

import streamlit as st

from data.store.notebook_text import NotSaved
from pages.cells.drafts import forget_draft
from pages.cells.opened import Opened
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from pages.text.escape import escaped
from queries.notebooks.differences import as_text, differences, in_words

SENTENCE = (
    "Somebody else has changed this notebook since you opened it. Your last change is not saved; "
    "the notebook below is theirs."
)


OF_CONFLICT = ("Keep theirs", "Save mine instead")
FAILED = "Your last change is not saved."


def show_conflict(known: Opened) -> None:
    """Draw what differs, and the ways on: theirs, yours instead, or yours as another notebook."""
    if not known.refused:
        return
    refused = known.refused[0]
    lines = differences(known.kept.text, refused.text)
    sentence = f"{FAILED} {refused.reason}" if refused.reason else SENTENCE
    keep, save = ("Give it up", "Try again") if refused.reason else OF_CONFLICT
    st.warning(escaped(sentence), icon=":material/call_split:")
    with st.expander(f"What yours has instead: {in_words(lines)}", expanded=True):
        st.code(as_text(lines), language="diff", wrap_lines=True)
        with st.container(horizontal=True):
            st.button(keep, key="keep_theirs", on_click=lambda: _drop(known))
            st.button(save, key="save_mine", on_click=lambda: _replace(known))
            st.button("Save mine as a copy", key="save_copy", on_click=lambda: _copy(known))


def _drop(known: Opened) -> None:
    refused = known.refused.pop(0)
    if refused.draft:
        forget_draft(known, refused.draft)


def _replace(known: Opened) -> None:
    """Save over theirs, which stays among the versions."""
    refused = known.refused.pop(0)
    if known.save(refused.text, refused.draft) and refused.draft:
        forget_draft(known, refused.draft)


def _copy(known: Opened) -> None:
    try:
        name = notebooks.create(person(), known.name, known.refused[0].text)
    except NotSaved as error:
        known.notice = str(error)
        return
    _drop(known)
    known.notice = f"Your text is the notebook “{name}”."
