"""The chart of an SQL cell on its page: how it is chosen, and the chart itself."""

from functools import partial

import pandas as pd
import streamlit as st

from pages.cells.opened import Opened
from pages.cells.sql_chart import KINDS, NoFigure, figure_of, reading, suggested
from pages.charts.card import CONFIG
from pages.frame.place import keyed
from pages.text.escape import escaped
from queries.notebooks.document import Cell
from queries.notebooks.keys import Look, with_key
from queries.notebooks.meaning import Meaning


def chart_choice(
    known: Opened, meaning: Meaning, frame: pd.DataFrame, look: Look, place: int
) -> None:
    """Draw the three choices that make a chart of the rows, and the colour."""
    names = [str(name) for name in frame.columns]
    with st.expander("As a chart", icon=":material/bar_chart:", key=keyed("look")):
        idea = suggested(frame)
        if not look.chart and idea.chart:
            st.button(
                f"Suggested: {idea.chart} of {escaped(idea.y)} by {escaped(idea.x)}",
                icon=":material/auto_awesome:",
                key=keyed("suggested"),
                on_click=partial(_save_look, known, meaning.cell, place, idea),
            )
        with st.container(horizontal=True, gap="small"):
            for name, label, values in (
                ("chart", "Kind", ["", *KINDS]),
                ("x", "Along", ["", *names]),
                ("y", "Up", ["", *names]),
                ("colour", "Colour", ["", *names]),
            ):
                value = getattr(look, name)
                key = keyed(f"look_{name}")
                st.selectbox(
                    label,
                    values,
                    index=values.index(value) if value in values else 0,
                    format_func=lambda one: one or "None",
                    key=key,
                    width=180,
                    on_change=partial(_choose, known, meaning.cell, place, look, name, key, idea),
                )


def _choose(
    known: Opened, cell: Cell, place: int, look: Look, name: str, key: str, idea: Look
) -> None:
    chosen_look = look._replace(**{name: st.session_state[key]})
    if name == "chart" and chosen_look.chart and not (chosen_look.x and chosen_look.y):
        chosen_look = chosen_look._replace(x=look.x or idea.x, y=look.y or idea.y)
    _save_look(known, cell, place, chosen_look)


def _save_look(known: Opened, cell: Cell, place: int, look: Look) -> None:
    known.edit(cell, place, lambda now: _with_look(now, look))


def _with_look(cell: Cell, look: Look) -> Cell:
    for name, value in reversed(look._asdict().items()):  # each comes on top
        cell = with_key(cell, name, value)
    return cell


def draw_look(frame: pd.DataFrame, meaning: Meaning, look: Look) -> None:
    """Draw the chart of an SQL cell and its sentence, or why there is none."""
    try:
        figure = figure_of(frame, *look)
        sentence = reading(frame, *look)
    except NoFigure as error:
        st.warning(escaped(str(error)), icon=":material/bar_chart:")
        return
    st.caption(escaped(sentence))
    st.plotly_chart(figure, key=keyed("chart"), config=CONFIG, alt=f"{meaning.name}. {sentence}")
