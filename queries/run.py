"""The whole bridge between Python and SQL."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from queries.filters import Filters
from queries.paging import page

HERE = Path(__file__).parent


@cache
def sql(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return (HERE / f"{name}.sql").read_text("utf-8")


@cache
def parameters(name: str) -> frozenset[str]:
    """The names of the values that a query takes."""
    (statement,) = duckdb.extract_statements(sql(name))
    return frozenset(statement.named_parameters)


def run(
    db: duckdb.DuckDBPyConnection, name: str, filters: Filters, now: datetime, **values: object
) -> pd.DataFrame:
    """Ask one question of the chosen rows. One row per what the query's second line says.

    `db` is a cursor of the caller's own. `now` judges the status where no as-of date is
    chosen. `values` are the query's further parameters; with `sort`, a column, `descending`,
    `offset` and `of`, the number of all rows, they say which page of them is wanted.
    """
    totals = totals_of(name)
    schemas = of_kept(totals & kept(db, filters, now)) if totals else []
    return run_on(db, schemas, name, filters, now, **values)


def run_on(
    db: duckdb.DuckDBPyConnection,
    schemas: Sequence[str],
    name: str,
    filters: Filters,
    now: datetime,
    **values: object,
) -> pd.DataFrame:
    """The same with the totals of these schemas; others are counted from the rows.

    Which there are, data/chosen_totals.sql says.
    """
    if totals_of(name):
        db.execute("set search_path = $1", [",".join([*schemas, "main"])])
    given = {"filters": filters.bound(now), "now": now, **values}
    wanted = {key: given[key] for key in parameters(name)}
    if "sort" in values:
        where: dict[str, Any] = {key: values[key] for key in ("sort", "descending", "offset", "of")}
        return page(db.sql(sql(name), params=wanted), **where)
    return db.execute(sql(name), wanted).df()


@cache
def totals_of(name: str) -> frozenset[str]:
    """Which totals a query asks: code_totals, redemption_totals, site_totals, or none."""
    asked = re.findall(r"chosen_(\w+)_(?:totals|sizes)\(", sql(name))
    return frozenset(f"{what}_totals" for what in asked)


@cache
def asks_sizes(name: str) -> bool:
    """Whether a query asks what only the rows and the kept totals know, and no selection."""
    return "_sizes(" in sql(name)


def kept(db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime) -> frozenset[str]:
    """Which of the kept totals can answer what is chosen; of the others the rows are counted."""
    answer = db.execute(sql("kept"), {"filters": filters.bound(now)}).df()
    return frozenset(name for name in answer.columns if answer[name][0])


def of_kept(totals: Iterable[str]) -> list[str]:
    """The schemas in which these totals are the kept ones."""
    return [f"kept_{name}" for name in sorted(totals)]


def one_state(db: duckdb.DuckDBPyConnection) -> None:
    """Let all questions that follow see one state of the data, until the cursor is closed.

    It is that of the first question, because a transaction reads nothing before.
    """
    db.execute("begin transaction read only")
