"""The choices of a cell in words: its title, what its chart takes, the tiles, the pivot."""

from collections.abc import Iterable
from functools import cache, partial

import streamlit as st

from pages.cells.charts import OVER_TIME, SHOWN
from pages.cells.numbers_cells import tiles_named
from pages.cells.opened import Opened
from pages.charts.chart import Chart
from pages.charts.tile_numbers import TILES
from pages.pivoting.dimensions import DIMENSIONS, NONE
from pages.pivoting.measures import MEASURES, dimensions_of
from pages.tables.table_files import table_files
from queries.notebooks.document import Cell
from queries.notebooks.keys import keys_of, with_key
from queries.notebooks.meaning import COMMON, USUAL_OF_PIVOT, Meaning

NO_CHARTS = ("pivot", "since")  # a pivot is a cell of its own; the other is of a moment
OVER_TIME_CHARTS = ("over_time", "over_time_split")
NAMED = (
    "By this name texts and SQL cells below read it. Those that do have to be told another name."
)


def cell_form(known: Opened, meaning: Meaning, place: int) -> None:
    """Draw the title of a cell and its choices; each is saved as soon as it is made."""
    with st.container(horizontal=True, gap="small"):
        _title(known, meaning, place)
        _name(known, meaning.cell, place)
    with st.container(horizontal=True, gap="small"):
        for name, (label, values, value) in choices_of(meaning).items():
            key = f"form_{place}_{name}"
            st.selectbox(
                label,
                values,
                index=values.index(value) if value in values else 0,
                format_func=partial(_word, name),
                key=key,
                on_change=partial(_save, known, meaning.cell, place, name, key),
                width=220,
            )
    if meaning.cell.kind in ("numbers", "compare"):
        _tiles(known, meaning, place)


def choices_of(meaning: Meaning) -> dict[str, tuple[str, list[str], str]]:
    """The parameters that can be chosen: their labels, their values and the one in force."""
    if meaning.cell.kind == "pivot":
        return _of_pivot(meaning)
    if meaning.cell.kind != "chart":
        return {}
    charts = charts_offered()
    found = {"query": ("Chart", list({meaning.query: "", **charts}), meaning.query)}
    found |= {
        name: (name.replace("_", " ").capitalize(), values, meaning.values.get(name, values[0]))
        for name, values in values_offered(meaning.query).items()
    }
    if meaning.query in OVER_TIME_CHARTS:
        found["show"] = ("Show", list(SHOWN), meaning.keys.text("show") or SHOWN[0])
    return found


def values_offered(query: str) -> dict[str, list[str]]:
    """The values of each parameter that charts of a query differ in."""
    charts = [c for c in table_files() if isinstance(c, Chart) and query in (c.query, c.key)]
    names = list(charts[0].values) if charts else []
    values = {name: _distinct(str(chart.values[name]) for chart in charts) for name in names}
    return {name: several for name, several in values.items() if len(several) > 1}


def _of_pivot(meaning: Meaning) -> dict[str, tuple[str, list[str], str]]:
    given = {**USUAL_OF_PIVOT, **meaning.values}
    measure = given["measure"] if given["measure"] in MEASURES else USUAL_OF_PIVOT["measure"]
    dimensions = list(dimensions_of(measure))
    rows = given["rows"]
    return {
        "measure": ("Measure", list(MEASURES), measure),
        "rows": ("Rows", dimensions, rows),
        "columns": (
            "Columns",
            [NONE, *(name for name in dimensions if name != rows)],
            given["columns"],
        ),
    }


def _title(known: Opened, meaning: Meaning, place: int) -> None:
    key = f"title_{place}"
    st.text_input(
        "Title",
        meaning.keys.text("title"),
        key=key,
        placeholder="As it is called without one",
        on_change=partial(_save, known, meaning.cell, place, "title", key),
    )


def _name(known: Opened, cell: Cell, place: int) -> None:
    key = f"name_{place}_{cell.name}"
    st.text_input(
        "Name",
        cell.name,
        key=key,
        max_chars=50,
        help=NAMED,
        width=220,
        on_change=lambda: _rename(known, cell, place, str(st.session_state[key])),
    )


def _rename(known: Opened, cell: Cell, place: int, wish: str) -> None:
    if wish.strip() and wish != cell.name:
        others = known.document.replaced(place, [])
        named = cell.with_name(others.free_name(wish))
        known.change(known.document.replaced(place, [named]))


def _tiles(known: Opened, meaning: Meaning, place: int) -> None:
    key = f"tiles_{place}"
    named = tiles_named(meaning.keys)
    st.multiselect(
        "Tiles",
        TILES,
        [label for label in named if label in TILES],
        key=key,
        placeholder="All",
        on_change=partial(_save, known, meaning.cell, place, "tiles", key),
    )


def _save(known: Opened, cell: Cell, place: int, name: str, key: str) -> None:
    value = st.session_state[key]
    text = ", ".join(value) if isinstance(value, list) else str(value)

    def changed(now: Cell) -> Cell:
        return with_key(_with_chart(now, text) if name == "query" else now, name, text)

    known.edit(cell, place, changed)


def _with_chart(cell: Cell, query: str) -> Cell:
    """The cell without what only its chart before takes."""
    takes = {*values_offered(query), *(["show"] if query in OVER_TIME_CHARTS else [])}
    for name in keys_of(cell).texts:
        if name not in (*COMMON, "query", *takes):
            cell = with_key(cell, name, "")
    return cell


@cache
def charts_offered() -> dict[str, str]:
    """The charts that a cell can show: their titles by their keys."""
    charts = [c for c in table_files() if isinstance(c, Chart) and c.key not in NO_CHARTS]
    return {chart.key: _title_of(chart) for chart in reversed(charts)}


def _title_of(chart: Chart) -> str:
    """The title of a chart without what it only has for some values."""
    titles = {"over_time_split": f"{OVER_TIME}, split", "rate_within_days": "Rate within N days"}
    return titles.get(chart.key, chart.title or OVER_TIME)


def _word(name: str, value: str) -> str:
    if name == "query":
        return charts_offered().get(value, value.replace("_", " ").capitalize())
    if name == "measure":
        return MEASURES[value].label
    if name in ("rows", "columns"):
        return DIMENSIONS.get(value, "None: totals only")
    return value.replace("_", " ").capitalize()


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
