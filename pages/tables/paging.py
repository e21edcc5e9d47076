"""Rows page by page: 50 at a time, sorted on the server."""

from collections.abc import Callable

import streamlit as st

from pages.frame.view_state import keep
from pages.people.current import person
from queries.engine.paging import CODES, PAGE

FEW = 7  # up to so many pages, each has a button


def sort_controls(key: str, choices: dict[str, str], default: str, down: bool) -> tuple[str, bool]:
    """Two controls side by side: the column to sort by, and whether it descends."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        column = st.selectbox(
            "Sort by",
            list(choices),
            format_func=choices.__getitem__,
            key=keep("sort", default, list(choices), key=f"{key}_sort"),
            width=220,
        )
        descending = st.toggle(
            "Descending", key=keep("down", down, (False, True), key=f"{key}_descending")
        )
    return column, descending


def shown_sorts(choices: dict[str, str]) -> dict[str, str]:
    """The columns that the person may sort by: not by a code that is masked."""
    if not person().access.masked:
        return choices
    return {column: label for column, label in choices.items() if column not in CODES}


def sort_by_header(key: str, table: str, choices: dict[str, str]) -> None:
    """Sort all rows by the column whose header was clicked; at another click the other way round.

    Without this a click would sort the rows of the page alone. `key` is that of the controls,
    `table` that of the rows.
    """
    clicked = st.session_state[table]["selection"]["columns"]
    column = next(iter(clicked), st.session_state[f"{key}_sort"])
    if column not in choices:
        return
    is_same = column == st.session_state[f"{key}_sort"]
    st.session_state[f"{key}_descending"] = is_same and not st.session_state[f"{key}_descending"]
    st.session_state[f"{key}_sort"] = column


def pages(key: str, rows: int, draw: Callable[[int], None], *order: object) -> None:
    """Draw the rows of the current page, given their offset, and the controls for other pages.

    After a change of `order`, or where the page lies beyond the last row, it is the first page.
    """
    count = max(1, -(-rows // PAGE))
    before = st.session_state.get(f"_{key}_order", order)
    if not 1 <= st.session_state.get(key, 1) <= count or before != order:
        st.session_state[key] = 1
    st.session_state[f"_{key}_order"] = order
    keep("page", 1, range(1, count + 1), key=key)
    slot = st.container()
    number = min(max(1, _page_controls(key, count)), count) if count > 1 else 1
    with slot:
        draw((number - 1) * PAGE)
    if count > 1:
        first = (number - 1) * PAGE + 1
        st.caption(f"Rows {first:,}–{min(rows, first + PAGE - 1):,} of {rows:,}")


def _page_controls(key: str, count: int) -> int:
    """Draw the page buttons and, for many pages, a field for the number; returns the page."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        number = st.pagination(count, key=key)
        if count > FEW:
            st.number_input(
                "Go to page",
                min_value=1,
                max_value=count,
                value=None,
                key=f"{key}_typed",
                placeholder="Go to page",
                label_visibility="collapsed",
                width=140,
                on_change=_go,
                args=(key,),
            )
    return number


def _go(key: str) -> None:
    if typed := st.session_state[f"{key}_typed"]:
        st.session_state[key] = typed
        st.session_state[f"{key}_typed"] = None
