"""The rows that a drawn cell brought, for live numbers, alerts and SQL."""

from functools import partial

import pandas as pd

from pages.answers.compare import compare
from pages.answers.fetch import fetch, today
from pages.cells.charts import chart_of, pivot_of
from pages.cells.results import Brought
from pages.frame.comparing import data_from, second_choice
from pages.frame.url_state import chosen
from queries.notebooks.before import with_before
from queries.notebooks.meaning import Meaning
from queries.notebooks.result import MOST_ROWS, OK, CellResult
from queries.notebooks.run import rows_of_control


def result_of(meaning: Meaning, brought: Brought | None) -> CellResult:
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
    chart = pivot_of(meaning) if kind == "pivot" else chart_of(meaning)
    rows = fetch(chart.query, chosen(), **chart.values)
    return chart.table(rows) if kind == "pivot" else rows
