"""The rows that a drawn cell brought, for live numbers, alerts and SQL."""

from functools import partial

import pandas as pd

from pages.answers.compare import compare
from pages.answers.fetch import fetch, today
from pages.cells.charts import chart_of, pivot_choice
from pages.cells.results import Brought
from pages.frame.comparing import data_from, second_choice
from pages.frame.url_state import chosen
from queries.notebooks.before import with_before
from queries.notebooks.meaning import Meaning
from queries.notebooks.result import MOST_ROWS, OK, CellResult
from queries.notebooks.run import rows_of_control
from queries.notebooks.sql import SqlResult


def rows_of(meaning: Meaning, brought: Brought | None) -> SqlResult:
    """A cell's rows, of SQL the first. Call it where the cell is drawn: it has fetched them."""
    if brought and brought.rows:
        return brought.rows
    rows = rows_of_control(meaning.control) if meaning.control else _rows(meaning)
    return SqlResult(rows, len(rows))


def result_of(meaning: Meaning, rows: SqlResult) -> CellResult:
    """The result of a cell with these rows. Call it where the cell is drawn."""
    words = "" if meaning.control else meaning.choice.filters.in_words()
    shown = rows.rows.head(MOST_ROWS)
    result = CellResult(meaning, OK, shown, rows.row_count, in_words=words)
    if meaning.cell.kind != "numbers":
        return result
    return with_before(result, chosen(), today(), data_from, partial(fetch, "numbers"))


def _rows(meaning: Meaning) -> pd.DataFrame:
    kind = meaning.cell.kind
    if kind == "numbers":
        return fetch("numbers", chosen())
    if kind == "compare":
        second = second_choice()
        return compare(chosen(), second) if second is not None else pd.DataFrame()
    if kind == "pivot":
        return fetch("pivot", chosen(), **pivot_choice(meaning).values)
    chart = chart_of(meaning)
    return fetch(chart.query, chosen(), **chart.values)
