"""The editor of a cell: its text, its title, what its chart takes, and a filter of its own."""

from functools import partial

import streamlit as st

from pages.cells.columns_help import columns_help
from pages.cells.drafts import commit, is_outdated, keep_draft, typed_text
from pages.cells.editor import Word, editor
from pages.cells.form import cell_form
from pages.cells.opened import Opened
from pages.cells.own_filter import own_filter_controls
from pages.frame.fragments import fragment
from queries.notebooks.document import Cell
from queries.notebooks.meaning import Meaning

CODE = {"sql": "SQL", "text": "Text in Markdown; type {{ to choose a live number"}
TYPED = "This was typed, and is not in the notebook yet. Ctrl+Enter or Done puts it there."
OUTDATED = (
    "This was typed, and the cell has been changed since: when you apply it, you see what differs "
    "before anything is saved."
)
KEYS = "The cell as the file has it: key: value on each line"


def edit_cell(
    known: Opened,
    cell: Cell,
    meaning: Meaning | None,
    place: int,
    words: list[Word],
    place_of_error: tuple[int, int] | None = None,
) -> None:
    """Draw what changes the cell at a place of the notebook."""
    with st.container(border=True, key=f"editing_{place}"):
        if meaning:
            cell_form(known, meaning, place)
        if meaning and not meaning.control:
            with st.expander("Its own filter", icon=":material/filter_alt:", key=f"own_{place}"):
                own_filter_controls(known, meaning, place)
        if cell.kind in CODE:
            _editor(known, cell, place, CODE[cell.kind], words, place_of_error)
            if cell.kind == "sql":
                columns_help(place)
        else:
            with st.expander("As text", icon=":material/code:", key=f"as_text_{place}"):
                _editor(known, cell, place, KEYS, words)
        st.button(
            "Done",
            icon=":material/check:",
            key=f"done_{place}",
            on_click=partial(_done, known, cell, place),
        )


def _editor(
    known: Opened,
    cell: Cell,
    place: int,
    label: str,
    words: list[Word],
    place_of_error: tuple[int, int] | None = None,
) -> None:
    drawn_of = (known.kept.digest, len(known.refused), known.notice)

    def draw() -> None:
        if (known.kept.digest, len(known.refused), known.notice) != drawn_of:
            st.rerun()  # the rest of the page shows what the text was
        draft = typed_text(known, cell)
        editor(
            label,
            cell.body if draft is None else draft,
            key=f"editor_{place}_{cell.kind}_{cell.name}",
            words=words,
            trigger="{{" if cell.is_text else "",
            place=place_of_error,
            rows=max(4, min(24, cell.body.count("\n") + 2)),
            on_draft=partial(keep_draft, known, cell, place),
            on_commit=partial(commit, known, cell, place),
        )

        if draft is not None:
            st.caption(OUTDATED if is_outdated(known, cell) else TYPED)

    fragment(draw)


def _done(known: Opened, cell: Cell, place: int) -> None:
    text = typed_text(known, cell)
    if text is not None:
        commit(known, cell, place, text)
    known.editing = None
