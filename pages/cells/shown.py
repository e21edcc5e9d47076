"""What a notebook's cell shows: the same on its page, in a frozen file and on paper."""

import json
import logging
from collections.abc import Callable, Mapping

import pandas as pd
import plotly.graph_objects as go

from pages.answers.fetch import data_until, fetch
from pages.answers.held import Held, holding
from pages.cells import numbers_cells
from pages.cells.charts import NoChart, chart_of, lists_rows, pivot_choice, pivot_of
from pages.cells.sql_chart import NoFigure, figure_of, look_of, reading
from pages.charts.both_table import APART
from pages.charts.chart import Chart
from pages.charts.drawn import Drawn, drawn, of_one, sentence
from pages.frame.comparing import names, second_choice
from pages.frame.place import placed
from pages.frame.url_state import choosing, chosen
from pages.people.current import person
from pages.people.person import Right
from pages.pivoting.grid import MOST_CELLS, grid
from pages.pivoting.second_pivot import apart
from pages.text.numbers import plural
from queries.comparison import in_words
from queries.downloading.formats import Failed
from queries.engine.texts import sql
from queries.notebooks.freezing import columns
from queries.notebooks.freezing.columns import kinds_of_rows
from queries.notebooks.freezing.shown import Plot, Rows, Shown
from queries.notebooks.meaning import Meaning
from queries.notebooks.result import CellResult
from queries.notebooks.run import rows_of_control
from queries.text import moment

Shows = Callable[[Meaning, Shown], Shown]
MOST_VALUES = 6  # of one filter that the words name
_log = logging.getLogger(__name__)
FAILED = "This cell could not be computed."
NO_RIGHT = "Your role may not take rows of codes and redemptions along: this table has such rows."


def shown(meaning: Meaning, held: Held, result: CellResult | None = None) -> Shown:
    """What a cell shows with the results that are held. It never fails: it says why it is empty.

    `result` is that of a run, which an SQL cell needs; alerts that fired are taken from it.
    """
    begun = _begun(meaning, result)
    if problem := _problem(meaning, result):
        return _failed(begun, problem)
    choice = meaning.choice
    try:
        with holding(held), placed(meaning.name), choosing(choice.filters, choice.comparison):
            begun = _with(begun, in_words=_in_words(meaning))
            if meaning.cell.kind == "sql" and result is not None:
                return _of_sql(result, begun)
            return SHOWN[meaning.cell.kind](meaning, begun)
    except (NoChart, NoFigure, Failed) as error:
        return _failed(begun, str(error))
    except Exception as error:
        if held.ask is None:  # a page says it in its own way
            raise
        _log.warning("A cell of a notebook failed: %s", meaning.cell.kind, exc_info=error)
        return _failed(begun, FAILED)


def without_rows(cell: Shown) -> Shown:
    """What a cell shows to somebody who may not take rows of codes and redemptions along."""
    if not cell.has_rows or cell.error or person().may(Right.DOWNLOAD_ROWS):
        return cell
    return _failed(_with(cell, table=None, plots=(), reading="", row_count=0), NO_RIGHT)


def _begun(meaning: Meaning, result: CellResult | None) -> Shown:
    """What is known of a cell before anything is computed."""
    title = meaning.keys.text("title") or meaning.name_in_words
    return Shown(
        meaning.name,
        meaning.cell.kind,
        title,
        query="" if meaning.control else meaning.choice.query(),
        alerts=result.fired if result else (),
    )


def _problem(meaning: Meaning, result: CellResult | None) -> str:
    """Why a cell cannot show anything, if that is known without computing it."""
    if meaning.problems:
        return " ".join(meaning.problems)
    if meaning.cell.kind == "sql" and result is None:
        return "This cell has not run."
    return result.error if result and not result.is_ok else ""


def _failed(begun: Shown, why: str) -> Shown:
    return _with(begun, error=why)


def _with(cell: Shown, **parts: object) -> Shown:
    return Shown(**{**vars(cell), **parts})


def _in_words(meaning: Meaning) -> str:
    return "" if meaning.control else chosen().in_words(MOST_VALUES)


def _of_chart(meaning: Meaning, begun: Shown) -> Shown:
    chart = chart_of(meaning)
    return _of(chart, begun, drawn(chart))


def _of_pivot(meaning: Meaning, begun: Shown) -> Shown:
    """A pivot as its file has it; in a comparison also the difference and the other side."""
    chart, second = pivot_of(meaning), second_choice()
    if second is None:
        return _of(chart, begun, drawn(chart))
    choice, short = pivot_choice(meaning), names(second)
    a, b = (fetch(chart.query, of, **chart.values) for of in (chosen(), second))
    of_a, of_b = (grid(frame, choice, MOST_CELLS) for frame in (a, b))
    apart_ = apart(of_a, of_b, choice)
    others = (
        Rows(f"{short.a} minus {short.b}", apart_, _kinds_of_differences(apart_)),
        Rows(short.b, chart.table(b), kinds_of_chart(chart.table(b))),
    )
    cell = _of(chart, begun, of_one(chart, a))
    words = in_words(chosen(), second, MOST_VALUES)
    other = f"{short.b}: {chart.reading(b)}"
    return _with(cell, in_words=words, difference=other, others=others)


def _of(chart: Chart, begun: Shown, card: Drawn) -> Shown:
    """A chart with its figures, all its numbers, and how they are counted."""
    plots = [Plot(_figure(one.figure), one.alt, one.side) for one in card.plots]
    return _with(
        begun,
        title=chart.title,
        in_words=in_words(chosen(), card.second, MOST_VALUES),
        reading=sentence(chart, card),
        difference=card.difference,
        plots=tuple(plots),
        table=card.table,
        kinds=kinds_of_chart(card.table),
        row_count=len(card.table),
        definition=chart.definition,
        sql=sql(chart.query),
        parameters=_parameters(begun, chart.values),
        has_rows=lists_rows(chart, fetch(chart.query, chosen(), **chart.values)),
    )


def _of_numbers(meaning: Meaning, begun: Shown) -> Shown:
    parts = numbers_cells.tiles_of(meaning)
    table, kinds = numbers_cells.table_of(parts)
    return _with(
        begun,
        tiles=parts.tiles,
        note=parts.note,
        table=table,
        kinds=kinds,
        row_count=len(table),
        definition=parts.definition,
        sql=sql("numbers"),
        parameters=_parameters(begun, {}),
    )


def _of_compare(meaning: Meaning, begun: Shown) -> Shown:
    second = numbers_cells.second_of_compared()
    table, kinds = numbers_cells.table_of_both(second)
    return _with(
        _of_numbers(meaning, begun),
        in_words=in_words(chosen(), second, MOST_VALUES),
        table=table,
        kinds=kinds,
        row_count=len(table),
        sql=sql("compare_numbers"),
    )


def _of_control(meaning: Meaning, begun: Shown) -> Shown:
    """A control with its values."""
    assert meaning.control is not None
    table = rows_of_control(meaning.control)
    values = [columns.text_of(kinds_of_rows(table)["value"], one) for one in table["value"]]
    return _with(
        begun,
        title=meaning.keys.text("title") or meaning.control.label,
        reading=", ".join(values) or "No value.",
        table=table,
        kinds=kinds_of_rows(table),
        row_count=len(table),
    )


def _of_sql(result: CellResult, begun: Shown) -> Shown:
    """The rows of an SQL cell, as a chart too where it chooses one."""
    rows = result.frame if result.frame is not None else pd.DataFrame()
    look = look_of(result.meaning.keys)
    cell = _with(
        begun,
        reading=f"{plural(result.row_count, 'row')}.",
        table=rows,
        kinds=kinds_of_rows(rows),
        row_count=result.row_count,
        sql=result.sql or result.meaning.cell.body,
        parameters=_parameters(begun, {}),
        has_rows=True,
    )
    if not look.chart or rows.empty:
        return cell
    words = reading(rows, *look)
    if len(rows) < result.row_count:
        words += f" Drawn are the first {len(rows):,} of {plural(result.row_count, 'row')}."
    return _with(cell, reading=words, plots=(Plot(_figure(figure_of(rows, *look)), words),))


SHOWN: dict[str, Shows] = {
    "chart": _of_chart,
    "numbers": _of_numbers,
    "compare": _of_compare,
    "pivot": _of_pivot,
    "control": _of_control,
}


def kinds_of_chart(table: pd.DataFrame) -> dict[str, str]:
    """How the columns of a chart's table are written: floats are rates, A − B are differences."""
    kinds = {str(name): kind.kind for name, kind in table.dtypes.items()}
    by_rows = kinds_of_rows(table)
    found = {}
    for name, kind in kinds.items():
        is_apart = name.endswith(APART)
        if kind == "f":
            found[name] = columns.POINTS if is_apart else columns.RATE
        elif kind in "iu":
            found[name] = columns.MORE if is_apart else columns.COUNT
        else:
            found[name] = by_rows[name]
    return found


def _kinds_of_differences(table: pd.DataFrame) -> dict[str, str]:
    """How the differences of pivots are written: all but the first column."""
    kinds = kinds_of_chart(table)
    apart = {columns.RATE: columns.POINTS, columns.COUNT: columns.MORE}
    return {name: apart.get(kind, kind) for name, kind in kinds.items()}


def _figure(figure: go.Figure) -> dict[str, object]:
    """The figure as Plotly's JSON, which a browser reads. Without the template: it says nothing."""
    parts: dict[str, object] = json.loads(figure.to_json())
    if isinstance(layout := parts.get("layout"), dict):
        layout.pop("template", None)
    return parts


def _parameters(begun: Shown, values: Mapping[str, object]) -> tuple[str, ...]:
    """What the query was run with, in words."""
    given = [f"{name}: {value}" for name, value in values.items()]
    return (f"filters: {begun.query or 'none'}", f"data until: {moment(data_until())}", *given)
