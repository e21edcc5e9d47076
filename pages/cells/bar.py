"""What stands above the cells of a notebook: add, run again, contents, versions, ways out."""

import re

import streamlit as st

from pages.cells.markdown import without_signs
from pages.cells.menu import run_again
from pages.cells.running import Running
from pages.cells.versions import show_versions
from pages.cells.ways_out import ways_out
from pages.text.escape import escaped, shortened
from queries.notebooks.document import NAME

HEADING = re.compile(r"^ {0,3}#{1,3}[ \t]+(\S.*)$", re.MULTILINE)
LONGEST = 200  # letters of a heading


def notebook_bar(running: Running) -> None:
    """Draw the buttons of a notebook."""
    known = running.known
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Run all again",
            icon=":material/refresh:",
            key="run_all",
            on_click=lambda: run_again(known, running.meanings),
        )
        with st.popover("Contents", icon=":material/toc:", key="contents"):
            contents(running)
        with st.popover("Freeze", icon=":material/ac_unit:", key="freeze"):
            ways_out(running)
        if known.may_change:
            with st.popover("Versions", icon=":material/history:", key="versions"):
                show_versions(known)
        if known.removed:
            st.button(
                "Undo: bring the cell back",
                icon=":material/undo:",
                key="undo_cell",
                on_click=known.undo,
            )


def contents(running: Running) -> None:
    """Draw the table of contents: headings of texts, and cells."""
    lines = []
    for cell in running.known.document.cells:
        if cell.is_text:
            lines += [f"**{escaped(shortened(one, LONGEST))}**" for one in headings(cell.body)]
        elif NAME.fullmatch(cell.name):  # another name is no anchor, and may be any Markdown
            lines.append(f"[{escaped(cell.name)}](#{cell.name})")
    st.markdown("\n\n".join(lines) or "There is no cell yet.")


def headings(text: str) -> list[str]:
    """The headings of the first three levels, without the signs around them."""
    return [without_signs(found[1]) for found in HEADING.finditer(text)]
