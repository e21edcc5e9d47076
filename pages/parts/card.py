"""A chart as people get it: title, reading, figure, its numbers, how they are counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.columns import in_percent, of_chart
from pages.parts.download import table_buttons
from pages.parts.state import chosen
from pages.parts.timing import now
from pages.parts.words import escaped
from queries.run import sql

CONFIG = {"displayModeBar": False, "scrollZoom": False}
TABLE_WIDTH = 640  # a popover is no wider than what is in it says


@contextmanager
def panel(title: str, place: DeltaGenerator | None = None) -> Iterator[None]:
    """A bordered box with a title, for a chart and its controls."""
    with (place or st).container(border=True, height="stretch"):
        st.subheader(title, anchor=False)
        yield


def card(
    title: str,
    query: str,
    figure: go.Figure,
    reading: str,
    table: pd.DataFrame,
    definition: str,
    on_click: Callable[[str], None] | None = None,
    **values: object,
) -> None:
    """Draw a chart with all that belongs to it, inside a panel.

    `table` has the chart's numbers under readable column names. `on_click` gets the first
    piece of the clicked mark's customdata. `values` are the query's further parameters.
    """
    st.caption(escaped(reading))
    key = f"chart_{query}"
    st.plotly_chart(
        figure,
        key=key,
        config=CONFIG,
        alt=f"{title}. {reading}",
        on_select=(lambda: _clicked(key, on_click)) if on_click else "ignore",
        selection_mode="points",
    )
    with st.container(horizontal=True, gap="small"):
        with st.popover("Table", icon=":material/table:", key=f"table_{query}"):
            # Above the table: in a phone's popover its end is out of sight.
            table_buttons(query, lambda: table)
            st.dataframe(
                in_percent(table),
                hide_index=True,
                width=TABLE_WIDTH,
                column_config=of_chart(table),
                alt=f"{title}: the numbers",
                placeholder="",
            )
        with st.popover("How is this counted?", icon=":material/function:", key=f"how_{query}"):
            st.write(definition)
            st.code(sql(query), language="sql")
            st.caption("with the values")
            bound = chosen().bound(now()) | values
            st.code("\n".join(f"{name}: {value}" for name, value in bound.items()), language=None)


def _clicked(key: str, on_click: Callable[[str], None]) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata"):
        said = points[0]["customdata"]
        on_click(str(said[0] if isinstance(said, list) else said["0"]))
