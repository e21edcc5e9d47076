"""The whole bridge between Python and SQL."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from queries.filters import Filters

HERE = Path(__file__).parent
PAGE = 50  # rows


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
    chosen. `values` are the query's further parameters; with `sort`, a column, `descending`
    and `offset` they say which page of its rows is wanted. `kept` says whether the kept totals
    suffice, where the caller has asked that already.
    """
    if "kept" not in values:
        values["kept"] = needs_kept(name) and suffices(db, filters, now)
    bound = filters.bound(now) | {"kept": values["kept"]}
    given = {"filters": bound, "now": now, **values}
    wanted = {key: given[key] for key in parameters(name)}
    if "sort" in values:
        return _page(db.sql(sql(name), params=wanted), values)
    return db.execute(sql(name), wanted).df()


def _page(rows: duckdb.DuckDBPyRelation, wanted: dict[str, Any]) -> pd.DataFrame:
    """A page of the rows. Sorted by a plain column, which the engine does at once."""
    if wanted["sort"] not in rows.columns:
        raise ValueError(f"There is no column {wanted['sort']} to sort by.")
    key = duckdb.ColumnExpression(wanted["sort"])
    key = key.desc() if wanted["descending"] else key.asc()
    page = rows.sort(key.nulls_last(), duckdb.ColumnExpression("tie")).limit(PAGE, wanted["offset"])
    found: pd.DataFrame = page.select(duckdb.StarExpression(exclude=["tie"])).df()
    return found


@cache
def needs_kept(name: str) -> bool:
    """Whether a query asks totals, which may be kept ones."""
    return "_totals($filters)" in sql(name)


def is_covered(name: str, filters: Filters) -> bool:
    """Whether there are kept totals for what a query asks; see the macros in data/chosen.sql."""
    of_rows = (filters.site, filters.campaign, filters.status)
    of_sites = (filters.from_, filters.to, filters.status)
    text = sql(name)
    return needs_kept(name) and not (
        ("chosen_redemption_totals" in text and any(v is not None for v in of_rows))
        or ("chosen_site_totals" in text and any(v is not None for v in of_sites))
    )


def suffices(db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime) -> bool:
    """Whether the kept totals can answer what is chosen."""
    ((suffice,),) = db.execute(sql("kept"), {"filters": filters.bound(now)}).fetchall()
    return bool(suffice)


def one_state(db: duckdb.DuckDBPyConnection) -> None:
    """Let all questions that follow see one state of the data, until the cursor is closed.

    It is that of the first question, because a transaction reads nothing before.
    """
    db.execute("begin transaction read only")
