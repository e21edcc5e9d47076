"""What a card shows of a chart: of what is chosen alone, or beside what it is compared with."""

from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go
from streamlit.elements.lib.column_types import ColumnConfig

from pages.answers.fetch import fetch
from pages.charts.both_plots import on_one_scale
from pages.charts.both_table import both_tables, of_both_tables
from pages.charts.chart import Chart
from pages.charts.sides import Sides, memoized_for_both
from pages.frame.comparing import LONGEST_NAME, counts_compare, names, second_choice
from pages.frame.place import keyed
from pages.frame.scopes import scope_of
from pages.frame.url_state import chosen
from pages.tables.columns import of_chart
from pages.text.escape import shortened
from queries.filters import Filters

ONLY_A = "Of A only: this chart does not show the comparison."


class Plot(NamedTuple):
    """A figure, the key of its element, and whose it is, where there are two."""

    figure: go.Figure
    key: str
    alt: str
    side: str = ""
    can_be_clicked: bool = True


class Drawn(NamedTuple):
    """The sentences, figures and numbers of a card; in a comparison, how it differs from what."""

    reading: str
    plots: list[Plot]
    table: pd.DataFrame
    columns: dict[str, ColumnConfig]
    difference: str = ""
    sides: Sides | None = None
    second: Filters | None = None


def drawn(chart: Chart) -> Drawn:
    """What is shown of the filters in force; in a comparison of both choices."""
    frame = fetch(chart.query, chosen(), **chart.values)
    second = second_choice()
    if second is None:
        return of_one(chart, frame)
    return of_both(chart, frame, second) if chart.both.is_shown else of_one(chart, frame, ONLY_A)


def sentence(chart: Chart, shown: Drawn) -> str:
    """The scope of a chart and what it reads, of the first side of a comparison by its name."""
    scope, reading = scope_of(chart.of), shown.reading
    if shown.sides and shown.sides.name_a != scope:
        reading = told_of(shown.sides.name_a, reading)
    return f"{scope[:1].upper()}{scope[1:]} · {reading}"


def of_one(chart: Chart, frame: pd.DataFrame, note: str = "") -> Drawn:
    """What is shown of what is chosen alone."""
    reading, table = chart.reading(frame), chart.table(frame)
    figure, key = chart.figure(frame), keyed(f"chart_{chart.key}")
    plots = [Plot(figure, key, reading)] if figure is not None else []
    return Drawn(reading, plots, table, of_chart(table), note)


def of_both(chart: Chart, frame: pd.DataFrame, second: Filters) -> Drawn:
    """What is shown of what is chosen and of a second choice."""
    first, short = chosen(), names(second)
    sides = Sides(
        frame,
        fetch(chart.query, second, **chart.values),
        short.a,
        short.b,
        same_period=(first.from_, first.to) == (second.from_, second.to),
        same_length=counts_compare(second),
    )
    if frame.equals(sides.b):
        return of_one(chart, frame, f"The same for {short.a} and {short.b}.")
    if chart.both.table:
        table = chart.both.table(sides)
    else:
        tables = sides._replace(a=chart.table(frame), b=chart.table(sides.b))
        table = _merged(tables, chart.both.keys)
    reading = chart.reading(frame)
    return Drawn(
        reading,
        _plots_of_both(chart, sides, reading),
        table,
        of_both_tables(table),
        _difference(chart, sides),
        sides,
        second,
    )


def _difference(chart: Chart, sides: Sides) -> str:
    """What differs from B, or what the chart says of B."""
    if chart.both.reading:
        return f"Compared with {sides.name_b}. {chart.both.reading(sides)}"
    return told_of(sides.name_b, chart.reading(sides.b))


def told_of(name: str, reading: str) -> str:
    """The reading of one side after its name, which many a reading of one row begins with."""
    is_named = reading.startswith(f"{name}: ")
    is_named |= shortened(reading.partition(": ")[0], LONGEST_NAME) == name
    return reading if is_named else f"{name}: {reading}"


def _plots_of_both(chart: Chart, sides: Sides, reading: str) -> list[Plot]:
    key, difference = keyed(f"chart_{chart.key}"), _difference(chart, sides)
    if chart.both.figure:
        figure = chart.both.figure(sides)
        return [Plot(figure, key, f"{reading} {difference}")] if figure is not None else []
    a, b = chart.figure(sides.a), chart.figure(sides.b)
    if a is not None and b is not None:
        a, b = on_one_scale(a, b)
    plots = [
        Plot(figure, f"{key}{end}", alt, side, can_be_clicked=not end)
        for figure, end, alt, side in (
            (a, "", reading, sides.name_a),
            (b, "_b", difference, sides.name_b),
        )
        if figure is not None
    ]
    return plots


@memoized_for_both
def _merged(tables: Sides, keys: int) -> pd.DataFrame:
    return both_tables(tables.a, tables.b, keys)
