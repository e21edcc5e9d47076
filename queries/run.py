"""The whole bridge between Python and SQL."""

from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

from queries.filters import Filters

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
    chosen. `values` are the query's further parameters.
    """
    if "kept" not in values:
        values["kept"] = needs_kept(name) and suffices(db, filters, now)
    bound = filters.bound(now) | {"kept": values["kept"]}
    given = {"filters": bound, "now": now, **values}
    return db.execute(sql(name), {key: given[key] for key in parameters(name)}).df()


@cache
def needs_kept(name: str) -> bool:
    """Whether a query asks totals, which may be kept ones."""
    return "_totals($filters)" in sql(name)


def suffices(db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime) -> bool:
    """Whether the kept totals can answer what is chosen."""
    ((suffice,),) = db.execute(sql("kept"), {"filters": filters.bound(now)}).fetchall()
    return bool(suffice)


def one_state(db: duckdb.DuckDBPyConnection) -> None:
    """Let all questions that follow see one state of the data, until the cursor is closed.

    It is that of the first question, because a transaction reads nothing before.
    """
    db.execute("begin transaction read only")
