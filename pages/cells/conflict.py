"""What a tab shows where somebody else has saved the notebook first: both texts, and a choice."""

import streamlit as st

from pages.cells.opened import Opened
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from pages.text.escape import escaped
from queries.notebooks.differences import as_text, differences, in_words

SENTENCE = (
    "Somebody else has changed this notebook since you opened it. Your last change is not saved; "
    "the notebook below is theirs."
)


def show_conflict(known: Opened) -> None:
    """Draw what differs, and the ways on: theirs, yours instead, or yours as another notebook."""
    if known.refused is None:
        return
    lines = differences(known.kept.text, known.refused)
    st.warning(SENTENCE, icon=":material/call_split:")
    with st.expander(f"What yours has instead: {in_words(lines)}", expanded=True):
        st.code(as_text(lines), language="diff", wrap_lines=True)
        with st.container(horizontal=True):
            st.button("Keep theirs", key="keep_theirs", on_click=lambda: _drop(known))
            st.button("Save mine instead", key="save_mine", on_click=lambda: _replace(known))
            st.button("Save mine as a copy", key="save_copy", on_click=lambda: _copy(known))


def _drop(known: Opened) -> None:
    known.refused = None


def _replace(known: Opened) -> None:
    """Save over theirs, which stays among the versions."""
    mine, known.refused = known.refused or "", None
    known.save(mine)


def _copy(known: Opened) -> None:
    mine, known.refused = known.refused or "", None
    name = notebooks.create(person(), known.name, mine)
    known.notice = f"Your text is the notebook “{escaped(name)}”."
