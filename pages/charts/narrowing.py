"""The way by keyboard to what a click on a chart does: its marks as a list to choose from."""

from collections.abc import Callable

import plotly.graph_objects as go
import streamlit as st

from pages.text.escape import visible

KEY = "narrow_"  # + the chart's key
WIDTH = 215  # pixels
MARKS = {"bar": "bar", "scatter": "point"}  # by Plotly's name of the trace


def narrowing(key: str, figure: go.Figure, on_click: Callable[[str], None]) -> None:
    """Draw the list of the marks, which also says that they can be clicked."""
    labels = labels_of_marks(figure)
    if not labels:
        return
    mark = MARKS.get(figure.data[0].type, "mark")
    # Not in a popover: the Tab key does not lead into those.
    st.selectbox(
        "Narrow to",
        list(labels),
        index=None,
        format_func=lambda value: visible(labels[str(value)]),
        key=f"{KEY}{key}",
        placeholder=f"Narrow to… or click a {mark}",
        label_visibility="collapsed",
        width=WIDTH,
        on_change=lambda: _choose(f"{KEY}{key}", labels, on_click),
    )


def labels_of_marks(figure: go.Figure) -> dict[str, str]:
    """What the marks that can be clicked are called, by the value of each, in reading order."""
    labels: dict[str, str] = {}
    for trace in figure.data:
        # A mark without customdata, such as a gathered rest, chooses nothing.
        for piece in trace.customdata if trace.customdata is not None else ():
            if piece is not None and len(piece) and piece[0] is not None:
                labels.setdefault(str(piece[0]), str(piece[1] if len(piece) > 1 else piece[0]))
    is_upright = not figure.data or figure.data[0].orientation != "h"
    return labels if is_upright else dict(reversed(labels.items()))


def _choose(widget: str, labels: dict[str, str], on_click: Callable[[str], None]) -> None:
    value = st.session_state[widget]
    st.session_state[widget] = None
    if value in labels:
        on_click(value)
