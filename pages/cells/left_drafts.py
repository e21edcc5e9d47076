"""What somebody has typed into a cell that is gone since: it is shown until they decide."""

from functools import partial

import streamlit as st

from data.store.notebook_drafts import Draft
from pages.cells.drafts import forget_draft, without_a_cell
from pages.cells.opened import Opened
from queries.notebooks.document import text_cell


def show_left_drafts(known: Opened) -> None:
    """Draw each such text, with the ways on: into a new cell, or away."""
    for number, draft in enumerate(without_a_cell(known)):
        with st.expander(
            "You typed this into a cell that is gone or has been changed since",
            icon=":material/edit_note:",
            key=f"left_draft_{number}",
        ):
            st.code(draft.text, language=None, wrap_lines=True)
            with st.container(horizontal=True):
                st.button(
                    "Add it as a text",
                    key=f"add_draft_{number}",
                    on_click=partial(_add, known, draft),
                )
                st.button(
                    "Forget it", key=f"drop_draft_{number}", on_click=partial(_drop, known, draft)
                )


def _add(known: Opened, draft: Draft) -> None:
    """Put the text at the end; the draft stays where that is refused."""
    end = len(known.document.cells)
    text = text_cell(f"\n{draft.text.strip()}\n")
    if known.save(known.document.inserted(end, text).text(), draft.cell):
        _drop(known, draft)


def _drop(known: Opened, draft: Draft) -> None:
    forget_draft(known, draft.cell)
