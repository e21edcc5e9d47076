"""SQL cells run on a store directly: as a sandbox compiles them, without its process."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb

from queries.access import EVERYTHING, Access
from queries.engine.prefixes import looked_up
from queries.engine.totals import read_data_until
from queries.filters import Filters
from queries.notebooks.as_sql import as_sql, why_not
from queries.notebooks.document import read
from queries.notebooks.meaning import Meaning, meanings
from queries.notebooks.sql_of_pivots import DIMENSIONS, MEASURES
from tests.support.model_pivot import MEASURES_OF_CODES, OF_CODES
from tests.support.queries import Record

GRAINS = ("hour", "day", "week", "month", "year")
COHORTS = ("batch", "group", "folder", "month")
TABLES = """
with
    chosen_codes as (from codes_for_sql($f)),
    chosen_transactions as (from redemptions_for_sql($f))
"""


def rows_of_sql(
    db: duckdb.DuckDBPyConnection, sql: str, filters: Filters, access: Access = EVERYTHING
) -> list[Record]:
    """The rows of an SQL cell, in its order, with the columns' names in lower case."""
    seen = looked_up(db, replace(filters, access=access))
    parameters = {"f": seen.parameters(read_data_until(db))}
    statement = f"{TABLES} select * from (\n{sql}\n)"  # noqa: S608 - what is tested
    found = db.execute(statement, parameters)
    names = [name.lower() for name, *_ in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def meaning_of(kind: str, name: str, **keys: object) -> Meaning:
    """What a cell of a notebook with these keys means."""
    lines = [f"{key}: {value}" for key, value in keys.items()]
    (meaning,) = meanings(read("\n".join([f"```{kind} {name}", *lines, "```", ""])))
    return meaning


def sql_of(kind: str, name: str, **keys: object) -> str:
    """The SQL that shows what a cell shows; asserts that there is some."""
    meaning = meaning_of(kind, name, **keys)
    assert why_not(meaning) == ""
    sql = as_sql(meaning)
    assert sql is not None
    return sql


def every_sql(columns: Sequence[str] = ("none", "group", "status")) -> list[str]:
    """The SQL of all that can be shown as SQL, with each choice; pivots with these columns."""
    charts = ["uptake_by_group", "by_site", "status", "weekday_hour", "time_to_redeem"]
    found = [sql_of("chart", name) for name in charts]
    found += [sql_of("chart", "over_time", grain=grain) for grain in GRAINS]
    found += [sql_of("chart", "over_time_split", by=by) for by in (*COHORTS, "site")]
    found += [sql_of("chart", "cancellations", by=by) for by in ("site", "group", "campaign")]
    for name in ("rate_within_days", "redemption_curve"):
        found += [sql_of("chart", name, by=by) for by in COHORTS]
    found.append(sql_of("numbers", "n"))
    return found + [sql_of("pivot", "p", **pivot) for pivot in _every_pivot(columns)]


def _every_pivot(several: Sequence[str]) -> Iterator[dict[str, str]]:
    for measure in MEASURES:
        for rows in OF_CODES if measure in MEASURES_OF_CODES else DIMENSIONS:
            for columns in several:
                if rows != columns:
                    yield {"rows": rows, "columns": columns, "measure": measure}
