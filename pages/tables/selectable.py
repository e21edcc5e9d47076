"""Tables in which one row can be selected; the selection is kept by the row's ID.

By its position it would be another row as soon as somebody imports or downloads something.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.frame.view_state import keep


def select_row(
    frame: pd.DataFrame,
    ids: Sequence[Hashable],
    key: str,
    columns: Mapping[str, ColumnConfig | str | None],
    alt: str,
    parameter: str = "selected",
    height: Literal["auto", "content"] = "auto",
) -> Hashable | None:
    """Draw the table, and return the ID of the selected row, one of `ids`, if there is one.

    The address keeps it where the page has the parameter.
    """
    ids = list(ids)
    widget = _widget_key(key, ids)
    selected = st.session_state.get(keep(parameter, None, ids, key=_selected_key(key)))
    place = ids.index(selected) if selected in ids else None
    st.dataframe(
        frame,
        hide_index=True,
        column_config=columns,
        placeholder="",
        height=height,
        alt=alt,
        key=widget,
        on_select=lambda: _remember(key, widget, ids),
        selection_mode="single-row",
        selection_default=None if place is None else {"selection": {"rows": [place]}},
    )
    return None if place is None else selected


def selected_place(widget: str, rows: int) -> int | None:
    """The place of the selected row in a table of so many, None where there is no such row."""
    selected = st.session_state[widget]["selection"]["rows"]
    place = selected[0] if selected else None
    return place if isinstance(place, int) and 0 <= place < rows else None


def _widget_key(key: str, ids: list[Hashable]) -> str:
    """Another key as soon as rows have moved: the old widget would mark the wrong row."""
    drawn: tuple[int, list[Hashable]] = st.session_state.get(f"_rows_of_{key}", (0, ids))
    number = drawn[0] + (drawn[1] != ids)
    st.session_state[f"_rows_of_{key}"] = (number, ids)
    return f"{key}_{number}" if number else key


def _remember(key: str, widget: str, ids: list[Hashable]) -> None:
    place = selected_place(widget, len(ids))
    st.session_state[_selected_key(key)] = None if place is None else ids[place]


def _selected_key(key: str) -> str:
    return f"_selected_in_{key}"
