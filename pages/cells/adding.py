"""New cells: what can be added to a notebook, and what it has at first."""

import streamlit as st

from pages.cells.opened import Opened
from queries.notebooks.document import Cell, Document, new_cell, text_cell

KINDS = {
    "Text": ("text", "Write something here. `{{ numbers.net }}` is a number of the cell numbers."),
    "Numbers": ("numbers", ""),
    "Chart": ("chart", "query: over_time\ngrain: day\n"),
    "Comparison": ("compare", "filter: compare=rest\n"),
    "Pivot": ("pivot", "rows: group\ncolumns: month\nmeasure: net\n"),
    "Control: a day": ("control", "type: date\nvalue: \n"),
    "Control: a list": ("control", "type: list\nof: group\nvalue: \n"),
    "Control: a number": ("control", "type: number\nvalue: 28\n"),
    "SQL": ("sql", "select group_name, count(*) as codes\nfrom chosen_codes\ngroup by all\n"),
}
NAMES = {"Control: a day": "day", "Control: a list": "groups", "Control: a number": "days"}


def add_cell(known: Opened, kinds: list[str]) -> None:
    """Draw the menu of new cells, which come below the one that is edited, or at the end."""
    last = len(known.document.cells)
    place, key = last if known.editing is None else min(known.editing + 1, last), "add_cell"
    st.menu_button(
        "Add a cell",
        kinds,
        key=key,
        icon=":material/add:",
        on_click=lambda: _add(known, place, str(st.session_state[key])),
    )


def kinds_offered(*, has_sql: bool) -> list[str]:
    """The kinds of cells that can be added."""
    return [kind for kind in KINDS if has_sql or kind != "SQL"]


def _add(known: Opened, place: int, kind: str) -> None:
    known.add(place, cell_of(known.document, kind))


def cell_of(document: Document, kind: str) -> Cell:
    """A new cell of a kind, with a name that is free."""
    of, body = KINDS[kind]
    if of == "text":
        return text_cell(f"\n{body}\n\n")
    return new_cell(of, document.free_name(NAMES.get(kind, of)), body)
