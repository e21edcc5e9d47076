"""Totals of one view, selected once for all of its queries."""

from datetime import datetime
from itertools import count

from queries.engine.execute import Cursor
from queries.engine.totals import kept_schemas
from queries.filters import Filters

# Sizes would read each code: chosen_totals.sql has macros of their own for them.
WITHOUT_SIZES = "select * exclude (bytes, formula_like)"
COLUMNS = {
    "code_totals": WITHOUT_SIZES,
    "redemption_totals": WITHOUT_SIZES,
    "site_totals": "select *",
}
_numbers = count(1)


def select(cursor: Cursor, totals: str, filters: Filters, now: datetime, *, from_rows: bool) -> str:
    """Select the chosen part of one of the TOTALS, `from_rows` or from the store's totals.

    Returns the schema, in memory, in which run_on() then finds them. Drop it with drop().
    """
    source = "main" if from_rows else kept_schemas([totals])[0]
    schema = f"selection_{next(_numbers)}"
    cursor.begin()  # where it fails, the caller closes the cursor, and nothing remains
    cursor.execute(f"create schema {schema}")
    cursor.execute(
        f"create table {schema}.chosen as {COLUMNS[totals]} from {source}.{totals}($filters)",
        {"filters": filters.parameters(now)},
    )
    cursor.execute(f"create macro {schema}.{totals}(f) as table from {schema}.chosen")
    cursor.commit()
    return schema


def drop(cursor: Cursor, schema: str) -> None:
    """Drop what select() created."""
    cursor.execute(f"drop schema if exists {schema} cascade")
