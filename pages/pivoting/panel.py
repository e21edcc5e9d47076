"""The pivot on the screen: its sentence, its cells, its files and its definition."""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.answers.fetch import fetch
from pages.charts.both_table import POINTS
from pages.charts.card import definition, files_of_sides, panel
from pages.charts.chart import Chart
from pages.charts.clicks import narrow, narrow_cohort, narrow_period
from pages.charts.cohort_notes import scope_note
from pages.frame.comparing import names, second_choice
from pages.frame.pin import pin_button
from pages.frame.place import in_cell, keyed
from pages.frame.scopes import of_moment, scope_of
from pages.frame.url_state import chosen
from pages.pivoting.choice import Choice, title_of
from pages.pivoting.controls import pivot_controls
from pages.pivoting.dimensions import NONE, is_apart
from pages.pivoting.grid import ON_SCREEN, all_names, grid, has_decimals
from pages.pivoting.heat import BLUE, VERMILION, heated
from pages.pivoting.pivot_chart import pivot_chart
from pages.pivoting.second_pivot import apart
from pages.tables.columns import COUNT, FORMATS, RATE, in_percent
from pages.tables.selectable import selected_place
from pages.text.escape import bold, escaped
from pages.text.numbers import plural, whole
from queries.filters import Filters
from queries.notebooks.pinning import Pin

ROW = 35  # pixels, of a row in a table
MOST_IN_SIGHT = 20  # rows, without scrolling
CHOICES = "_pivot_rows_chosen"
DECIMALS = st.column_config.NumberColumn(format="%.2f")
OF_CANCELLED = ("cancelled", "cancellation_rate")
NO_FILTER = ("weekday", "hour")  # that chooses such rows
TIMES = ("day", "week", "month")
DOTS = "•••••"  # prefixes that a person may not see, all together


def pivot_panel() -> None:
    """Draw the controls and the pivot of what is chosen."""
    choice, has_colours = pivot_controls()
    chart = pivot_chart(choice)
    with panel(chart.title):
        draw_pivot(choice, chart, has_colours=has_colours)


def draw_pivot(choice: Choice, chart: Chart, *, has_colours: bool = True) -> None:
    """Draw the pivot of what is chosen, in a comparison of both choices, inside a panel."""
    frame = fetch("pivot_table", chosen(), **choice.values, most=ON_SCREEN)
    scope = _scope(choice)
    st.caption(escaped(f"{scope[:1].upper()}{scope[1:]} · {chart.reading(frame)}"))
    if second := second_choice():
        st.markdown(bold(names(second).a))
    if has_cells(frame):
        _table(frame, choice, chart.title, has_colours=has_colours)
        _further(frame, choice)
    if second:
        _second(frame, choice, chart, second)
    if choice.measure == "within":
        scope_note()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        files_of_sides(chart, second)
        how = keyed("how_pivot")
        with st.popover("How is this counted?", icon=":material/function:", key=how):
            definition(chart, second)
        pin_button(pin_of(choice))


def pin_of(choice: Choice) -> Pin:
    """The cell of a pivot."""
    return Pin("pivot", "pivot", title=title_of(choice), values=choice.values, compares=True)


def has_cells(frame: pd.DataFrame) -> bool:
    """Whether a pivot has anything to show."""
    return bool((frame["level"] == 0).any())


def _second(frame: pd.DataFrame, choice: Choice, chart: Chart, second: Filters) -> None:
    """Draw the pivot of the second choice, its sentence, and how far both are apart."""
    short = names(second)
    other = fetch("pivot_table", second, **choice.values, most=ON_SCREEN)
    if has_cells(frame) and has_cells(other):
        st.markdown(bold(f"{short.a} minus {short.b}"))
        table = apart(grid(frame, choice), grid(other, choice), choice)
        _plain(table, choice, f"{chart.title}: the differences", is_apart=True)
    st.markdown(bold(short.b))
    st.caption(escaped(chart.reading(other)))
    if has_cells(other):
        _plain(grid(other, choice), choice, f"{chart.title}: the numbers of {short.b}")


def _plain(table: pd.DataFrame, choice: Choice, alt: str, *, is_apart: bool = False) -> None:
    st.dataframe(
        in_percent(table) if choice.of.kind == "rate" else table,
        hide_index=True,
        column_config=_columns(table, choice, is_apart=is_apart),
        alt=alt,
        placeholder="",
        height=ROW * (1 + min(len(table), MOST_IN_SIGHT)) + 3,
    )


def _scope(choice: Choice) -> str:
    scope = scope_of(choice.of.scope)
    return f"{scope}, status {of_moment()}" if "status" in (choice.rows, choice.columns) else scope


def _table(frame: pd.DataFrame, choice: Choice, title: str, *, has_colours: bool) -> None:
    table = in_percent(grid(frame, choice)) if choice.of.kind == "rate" else grid(frame, choice)
    colour = VERMILION if choice.measure in OF_CANCELLED else BLUE
    has_totals = choice.columns != NONE
    turn = st.session_state.setdefault(CHOICES, 0)
    key = keyed(f"pivot_rows_{choice.rows}_{turn}")
    narrows = choice.rows not in NO_FILTER and not in_cell()
    st.dataframe(
        heated(table, colour, has_totals=has_totals) if has_colours else table,
        hide_index=True,
        column_config=_columns(table, choice),
        alt=f"{title}: the numbers",
        placeholder="",
        height=ROW * (1 + min(len(table), MOST_IN_SIGHT)) + 3,
        key=key,
        on_select=(lambda: _narrow(key, frame, choice)) if narrows else "ignore",
        selection_mode="single-row",
    )


def _columns(
    table: pd.DataFrame, choice: Choice, *, is_apart: bool = False
) -> dict[str, ColumnConfig | str | None]:
    first, *others = map(str, table.columns)
    kind = RATE if choice.of.kind == "rate" else COUNT
    config = DECIMALS if has_decimals(choice) else FORMATS[kind]
    if is_apart:
        config = POINTS if kind == RATE else config
    columns: dict[str, ColumnConfig | str | None] = dict.fromkeys(others, config)
    return {first: st.column_config.TextColumn(first, pinned=True), **columns}


def _further(frame: pd.DataFrame, choice: Choice) -> None:
    """Say how much is not on the screen, and what a selected row does."""
    sentences = []
    shown = [int((frame["level"] == level).sum()) for level in (1, 2)]
    every = [int(frame[name].max()) for name in ("all_rows", "all_columns")]
    if shown != every:
        parts = [
            f"{whole(some)} of {plural(of, word)}"
            for some, of, word in zip(shown, every, ("row", "column"), strict=True)
        ]
        sentences.append(f"The screen shows {' and '.join(parts)}; all are in the file.")
    if choice.rows not in NO_FILTER and not in_cell():
        sentences.append("Select a row to narrow everything to it.")
    st.caption(" ".join(sentences))


def _narrow(key: str, frame: pd.DataFrame, choice: Choice) -> None:
    rows, _ = all_names(frame, choice)
    place = selected_place(key, len(rows))  # none of the row of totals
    # Another widget: in this one the place would stay marked, whatever stands there next.
    st.session_state[CHOICES] += 1
    if place is None or is_apart(rows[place], choice.rows) or rows[place] == DOTS:
        return
    if choice.rows == "start":
        narrow_cohort("month")(rows[place])
    else:
        narrow_to = narrow_period if choice.rows in TIMES else narrow
        narrow_to(choice.rows)(rows[place])
