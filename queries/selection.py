"""Totals of one view, counted or looked for once for all of its questions."""

from datetime import datetime
from itertools import count

import duckdb

from queries.filters import Filters
from queries.run import of_kept

# Sizes would read each code: data/store/macros/chosen_totals.sql has macros of their own for them.
WITHOUT_SIZES = "select * exclude (bytes, formula_like)"
NARROW = {
    "code_totals": WITHOUT_SIZES,
    "redemption_totals": WITHOUT_SIZES,
    "site_totals": "select *",
}
_numbers = count(1)


def select(
    db: duckdb.DuckDBPyConnection, totals: str, filters: Filters, now: datetime, *, of_rows: bool
) -> str:
    """Keep code_totals, redemption_totals or site_totals of what is chosen, `of_rows` or of kept.

    Returns the schema, in memory, in which run_on() then finds them. Drop it with forget().
    """
    source = "main" if of_rows else of_kept([totals])[0]
    schema = f"selection_{next(_numbers)}"
    db.begin()  # where it fails, the caller closes the cursor, and nothing has been made
    db.execute(f"create schema {schema}")
    db.execute(
        f"create table {schema}.chosen as {NARROW[totals]} from {source}.{totals}($filters)",
        {"filters": filters.bound(now)},
    )
    db.execute(f"create macro {schema}.{totals}(f) as table from {schema}.chosen")
    db.commit()
    return schema


def forget(db: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Drop what select() made."""
    db.execute(f"drop schema if exists {schema} cascade")
