"""The rows that a drawn cell brought, for live numbers, alerts and SQL."""

from dataclasses import replace

import pandas as pd

from pages.answers.compare import compare
from pages.answers.fetch import fetch, today
from pages.cells.charts import chart_of, pivot_of
from pages.cells.results import Brought
from pages.cells.running import Running
from pages.frame.comparing import data_from, second_choice
from pages.frame.url_state import chosen
from queries.comparison import BEFORE, Comparison, days_before_data
from queries.notebooks.meaning import Meaning
from queries.notebooks.result import MOST_ROWS, OK, CellResult
from queries.notebooks.run import rows_of_control
from queries.text import day


def result_of(running: Running, meaning: Meaning, brought: Brought | None) -> CellResult:
    """A cell's rows. Call it where the cell is drawn: it has fetched them already."""
    if meaning.control:
        rows = rows_of_control(meaning.control)
        return CellResult(meaning, OK, rows, len(rows))
    words = meaning.choice.filters.in_words()
    if brought and brought.rows:
        rows, count = brought.rows.rows, brought.rows.row_count
        return CellResult(meaning, OK, rows, count, in_words=words)
    rows = _rows(meaning)
    result = CellResult(meaning, OK, rows.head(MOST_ROWS), len(rows), in_words=words)
    return _with_before(result) if meaning.cell.kind == "numbers" else result


def _rows(meaning: Meaning) -> pd.DataFrame:
    kind = meaning.cell.kind
    if kind == "numbers":
        return fetch("numbers", chosen())
    if kind == "compare":
        second = second_choice()
        return compare(chosen(), second) if second is not None else pd.DataFrame()
    chart = pivot_of(meaning) if kind == "pivot" else chart_of(meaning)
    if kind == "pivot":
        return chart.table(fetch(chart.query, chosen(), **chart.values))
    return fetch(chart.query, chosen(), **chart.values)


def _with_before(result: CellResult) -> CellResult:
    """The result with the numbers of the period before, or why there are none."""
    second = Comparison(BEFORE).second(chosen(), today())
    if second.filters is None:
        return replace(result, no_before=f"no period before: {second.reason}")
    first = data_from()
    if first and days_before_data(second.filters, first):
        return replace(result, no_before=f"no period before: the data begin on {day(first)}")
    return replace(result, before=fetch("numbers", second.filters))
