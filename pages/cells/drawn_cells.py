"""All cells of a notebook, from the top down: what is in sight comes first."""

from contextlib import ExitStack
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.cells.ahead import Ahead
from pages.cells.cell import draw_cell
from pages.cells.editing import edit_cell
from pages.cells.markdown import below_title, draw_text
from pages.cells.menu import cell_menu
from pages.cells.running import Running
from pages.cells.words import words_of
from queries.notebooks.document import Cell
from queries.notebooks.meaning import Meaning

MOST_DRAWN = 1_000  # cells and texts
TOO_MANY = (
    "The last {left_out:,} cells and texts are not shown and have not run: a page has {most:,} at "
    "most. Make two notebooks of this one."
)


class _Text(NamedTuple):
    """A text of a notebook, and where it and its editor are drawn."""

    here: DeltaGenerator
    of_editor: DeltaGenerator
    place: int
    cell: Cell


def draw_cells(running: Running) -> None:
    """Draw each cell, and the editor of the one that is edited; the texts come last.

    A text may name the numbers of a cell below it, which its editor offers too.
    """
    with ExitStack() as started:
        _draw_cells(running, Ahead(running, started))


def _draw_cells(running: Running, ahead: Ahead) -> None:
    texts: list[_Text] = []
    cells = running.known.document.cells
    for place, cell in enumerate(cells[:MOST_DRAWN]):
        if not cell.source.strip():
            continue
        meaning = None if cell.is_text else running.meaning_of(cell)
        if meaning is None:
            texts.append(_Text(_place_of_text(running, place), st.container(), place, cell))
        else:
            ahead.start_after(meaning)
            of_editor = draw_cell(running, meaning, place)
            _edit(running, meaning, place, of_editor)
    if len(cells) > MOST_DRAWN:
        st.warning(TOO_MANY.format(left_out=len(cells) - MOST_DRAWN, most=MOST_DRAWN))
    whole, title = running.run(), running.known.document.title or running.known.name
    for text in texts:
        with text.here:
            draw_text(below_title(text.cell.body, title), whole, running.stale)
        _edit(running, None, text.place, text.of_editor)


def _edit(running: Running, meaning: Meaning | None, place: int, of_editor: DeltaGenerator) -> None:
    """Draw the editor of a cell if it is the one that is edited."""
    known = running.known
    if known.editing != place or not known.may_change:
        return
    cell = known.document.cells[place]
    brought = running.brought(meaning) if meaning else None
    place_of_error = brought.place if brought else None
    with of_editor:
        edit_cell(known, cell, meaning, place, words_of(running, cell), place_of_error)


def _place_of_text(running: Running, place: int) -> DeltaGenerator:
    """The place where a text will be drawn, with its menu beside it."""
    with st.container(horizontal=True, vertical_alignment="top", key=f"text_{place}"):
        here = st.container(width="stretch")
        with st.container(width="content"):
            cell_menu(running.known, None, place)
    return here
