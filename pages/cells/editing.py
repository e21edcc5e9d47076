"""The editor of a cell: its text, its title, what its chart takes, and a filter of its own."""

from functools import partial

import streamlit as st

from pages.cells.columns_help import columns_help
from pages.cells.editor import Word, editor
from pages.cells.form import cell_form
from pages.cells.opened import Opened, draft_key
from pages.cells.own_filter import own_filter_controls
from pages.frame.fragments import fragment
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from queries.notebooks.document import Cell
from queries.notebooks.meaning import Meaning

CODE = {"sql": "SQL", "text": "Text in Markdown; {{ cell.column }} is a live number"}
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
        if meaning and cell.kind != "sql":
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
    draft = notebooks.drafts(person(), known.name).get(draft_key(cell, place))

    drawn_of = known.kept.digest

    def draw() -> None:
        if known.kept.digest != drawn_of:
            st.rerun()  # the rest of the page shows what the text was
        editor(
            label,
            draft.text if draft else cell.body,
            key=f"editor_{place}_{cell.kind}_{cell.name}",
            words=words,
            trigger="{{" if cell.is_text else "",
            place=place_of_error,
            rows=max(4, min(24, cell.body.count("\n") + 2)),
            on_draft=partial(_keep_draft, known, cell, place),
            on_commit=partial(_commit, known, cell, place),
        )

    if draft and draft.text != cell.body:
        st.caption("This was typed, and is not in the notebook yet.")
    fragment(draw)


def _keep_draft(known: Opened, cell: Cell, place: int, text: str) -> None:
    notebooks.save_draft(person(), known.name, draft_key(cell, place), text, base=known.kept.digest)


def _commit(known: Opened, cell: Cell, place: int, text: str) -> None:
    if text != cell.body:
        new = cell.with_body(text)
        known.change(known.document.replaced(place, [new]))
    notebooks.drop_draft(person(), known.name, draft_key(cell, place))


def _done(known: Opened, cell: Cell, place: int) -> None:
    draft = notebooks.drafts(person(), known.name).get(draft_key(cell, place))
    if draft:
        _commit(known, cell, place, draft.text)
    known.editing = None
