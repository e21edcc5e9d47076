"""Totals of one view, selected once for all of its queries."""

from datetime import datetime
from itertools import count

from queries.engine import elsewhere
from queries.engine.execute import Cursor
from queries.engine.texts import sql
from queries.engine.totals import COUNTED, STORED
from queries.filters import Filters

_numbers = count(1)


def select(
    cursor: Cursor, totals: str, filters: Filters, data_until: datetime, *, from_rows: bool
) -> str:
    """Select the chosen part of one of the TOTALS, `from_rows` or from the store's totals.

    Returns the name of a table in memory that run_on() then reads. Drop it with drop().
    """
    table = f"selection_{next(_numbers)}"
    values = {totals: COUNTED if from_rows else STORED, "filters": filters.parameters(data_until)}
    if (rows := elsewhere.rows_of(cursor, f"select_{totals}", values)) is not None:
        rows.create(table)
        return table
    # Not relation().create(table), which plans the query twice.
    cursor.execute(f"create table {table} as {sql(f'select_{totals}')}", values)
    return table


def drop(cursor: Cursor, table: str) -> None:
    """Drop what select() created."""
    cursor.execute(f"drop table if exists {table}")
