"""Draws a chart with all that belongs to it: title, reading, figure, numbers, definition."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.answers.fetch import data_until, fetch, seen
from pages.charts.chart import Chart
from pages.charts.narrowing import narrowing
from pages.charts.picture import picture
from pages.frame.scopes import scope_of
from pages.frame.url_state import chosen
from pages.tables.columns import in_percent, of_chart
from pages.tables.file_buttons import file_buttons
from pages.text.escape import escaped, visible
from queries.engine.execute import sql
from queries.text import moment

CONFIG = {"displayModeBar": False, "scrollZoom": False}
MOST_NAMES = 6  # of one filter in a picture
TABLE_WIDTH = 640  # pixels; a popover is as wide as its content


@contextmanager
def panel(title: str, place: DeltaGenerator | None = None) -> Iterator[None]:
    """A bordered box with a title, for a chart and its controls."""
    with (place or st).container(border=True, height="stretch"):
        st.subheader(title, anchor=False)
        yield


def card(chart: Chart, place: DeltaGenerator | None = None) -> None:
    """Draw the chart of what is chosen in a panel of its own."""
    with panel(chart.title, place):
        draw(chart)


def draw(chart: Chart) -> None:
    """Draw the chart of what is chosen, inside a panel."""
    frame = fetch(chart.query, chosen(), **chart.values)
    reading = chart.reading(frame)
    scope = scope_of(chart.of)
    st.caption(escaped(f"{scope[:1].upper()}{scope[1:]} · {reading}"))
    table = chart.table(frame)
    figure, key = chart.figure(frame), f"chart_{chart.key}"
    if figure is None:
        _rows(chart, table, "stretch")
    else:
        _plot(chart, figure, key, reading)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("Table", icon=":material/table:", key=f"table_{chart.key}"):
            # Above the table: in a phone's popover its end is out of sight.
            file_buttons(chart)
            _rows(chart, table, TABLE_WIDTH)
        if figure is not None:
            with st.popover("Picture", icon=":material/image:", key=f"picture_{chart.key}"):
                picture(chart, key, _in_words())
        with st.popover("How is this counted?", icon=":material/function:", key=f"how_{chart.key}"):
            definition(chart)
        if figure is not None and chart.on_click:
            narrowing(chart.key, figure, chart.on_click)


def _in_words() -> str:
    """What is chosen, and until when the data reach, for a picture."""
    return visible(f"{chosen().in_words(MOST_NAMES)} · Data until {moment(data_until())}")


def _rows(chart: Chart, table: pd.DataFrame, width: Literal["stretch"] | int) -> None:
    if table.empty:
        return
    st.dataframe(
        in_percent(table),
        hide_index=True,
        width=width,
        column_config=of_chart(table),
        alt=f"{chart.title}: the numbers",
        placeholder="",
    )


def _plot(chart: Chart, figure: go.Figure, key: str, reading: str) -> None:
    on_click = chart.on_click
    st.plotly_chart(
        figure,
        key=key,
        config=CONFIG,
        alt=f"{chart.title}. {reading}",
        on_select=(lambda: _clicked(key, on_click)) if on_click else "ignore",
        selection_mode="points",
    )


def definition(chart: Chart) -> None:
    """Draw what the chart counts, its SQL, and the values of the parameters."""
    st.write(chart.definition)
    st.code(sql(chart.query), language="sql", wrap_lines=True)
    st.caption("with the values")
    parameters = seen(chosen()).parameters(data_until()) | chart.values
    st.code(
        "\n".join(f"{name}: {value}" for name, value in parameters.items()),
        language=None,
        wrap_lines=True,
    )


def _clicked(key: str, on_click: Callable[[str], None]) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata"):
        data = points[0]["customdata"]
        on_click(str(data[0] if isinstance(data, list) else data["0"]))
