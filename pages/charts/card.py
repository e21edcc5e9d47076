"""Draws a chart with all that belongs to it: title, reading, figure, numbers, definition."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.answers.fetch import data_until, seen
from pages.charts.chart import Chart
from pages.charts.drawn import Drawn, Plot, drawn, sentence
from pages.charts.narrowing import narrowing
from pages.charts.picture import picture
from pages.charts.pinned import pin_of_chart
from pages.frame.comparing import names
from pages.frame.pin import pin_button
from pages.frame.place import in_cell, keyed
from pages.frame.rows_away import away_shown
from pages.frame.url_state import chosen
from pages.tables.columns import as_sent
from pages.tables.file_buttons import file_buttons
from pages.text.escape import bold, escaped, visible
from queries.comparison import in_words
from queries.engine.texts import sql
from queries.filters import Filters
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
    with panel(chart.title, place), away_shown():
        draw(chart)


def draw(chart: Chart) -> None:
    """Draw the chart of what is chosen, inside a panel; in a comparison of both choices."""
    shown = drawn(chart)
    st.caption(escaped(sentence(chart, shown)))
    if shown.difference:
        st.caption(escaped(shown.difference))
    for plot in shown.plots:
        _plot(chart, plot)
    if not shown.plots:
        _rows(chart, shown, "stretch")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("Table", icon=":material/table:", key=keyed(f"table_{chart.key}")):
            # Above the table: in a phone's popover its end is out of sight.
            files_of_sides(chart, shown.second)
            _rows(chart, shown, TABLE_WIDTH)
        if shown.plots:
            with st.popover("Picture", icon=":material/image:", key=keyed(f"picture_{chart.key}")):
                for plot in shown.plots:
                    picture(chart, plot.key, _in_words(plot, shown))
        with st.popover(
            "How is this counted?", icon=":material/function:", key=keyed(f"how_{chart.key}")
        ):
            definition(chart, shown.second)
        pin_button(pin_of_chart(chart))
        if shown.plots and chart.on_click and not in_cell():
            narrowing(chart.key, shown.plots[0].figure, chart.on_click)


def files_of_sides(chart: Chart, second: Filters | None) -> None:
    """Draw the links to the files: of a comparison, to those of A and to those of B."""
    if second is None:
        file_buttons(chart)
        return
    short = names(second)
    for side, filters in ((short.a, None), (short.b, second)):
        st.caption(escaped(f"Files of {side}"))
        file_buttons(chart, filters)


def _in_words(plot: Plot, shown: Drawn) -> str:
    """What is chosen, and until when the data reach, for a picture."""
    words = in_words(chosen(), shown.second, MOST_NAMES)
    if plot.side and shown.second is not None:
        words = (chosen() if plot.can_be_clicked else shown.second).in_words(MOST_NAMES)
    return visible(f"{words} · Data until {moment(data_until())}")


def _rows(chart: Chart, shown: Drawn, width: Literal["stretch"] | int) -> None:
    if shown.table.empty:
        return
    st.dataframe(
        as_sent(shown.table),
        hide_index=True,
        width=width,
        column_config=shown.columns,
        alt=f"{chart.title}: the numbers",
        placeholder="",
    )


def _plot(chart: Chart, plot: Plot) -> None:
    on_click = chart.on_click if plot.can_be_clicked and not in_cell() else None
    if plot.side:
        st.markdown(bold(plot.side))
    st.plotly_chart(
        plot.figure,
        key=plot.key,
        config=CONFIG,
        alt=f"{chart.title}. {plot.alt}",
        on_select=(lambda: _clicked(plot.key, on_click)) if on_click else "ignore",
        selection_mode="points",
    )


def definition(chart: Chart, second: Filters | None = None) -> None:
    """Draw what the chart counts, its SQL, and the values of the parameters, of both choices."""
    st.write(chart.definition)
    st.code(sql(chart.query), language="sql", wrap_lines=True)
    for words, filters in (("with the values", chosen()), ("and of the other side", second)):
        if filters is not None:
            st.caption(words)
            parameters = seen(filters).parameters(data_until()) | chart.values
            lines = (f"{name}: {value}" for name, value in parameters.items())
            st.code("\n".join(lines), language=None, wrap_lines=True)


def _clicked(key: str, on_click: Callable[[str], None]) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata"):
        data = points[0]["customdata"]
        value = data[0] if isinstance(data, list) else data["0"]
        if value is not None:  # as of the other side of a comparison
            on_click(str(value))
