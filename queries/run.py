"""The whole bridge between Python and SQL."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd

from queries.filters import Filters
from queries.paging import page

HERE = Path(__file__).parent
TOTALS = ("code_totals", "redemption_totals", "site_totals")
FEW = 100  # batches; among more it is no faster to look


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
    of_view = known(db, filters, now) if asks_what_is_known(name, filters) else NOTHING_KNOWN
    schemas = of_kept(totals_of(name) & of_view.totals)
    return run_on(db, schemas, name, of_view.narrowed(filters), now, **values)


def run_on(
    db: duckdb.DuckDBPyConnection,
    schemas: Sequence[str],
    name: str,
    filters: Filters,
    now: datetime,
    **values: object,
) -> pd.DataFrame:
    """The same with the totals of these schemas; others are counted from the rows.

    Which there are, data/store/macros/chosen_totals.sql says.
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


class Known(NamedTuple):
    """What the kept totals know of a choice."""

    totals: frozenset[str]  # those of them that can answer; of others the rows are counted
    batches: tuple[str, ...] | None  # where the chosen beginnings are; None if none is chosen

    def narrowed(self, filters: Filters) -> Filters:
        """Filters that choose the same, among fewer batches."""
        return filters if self.batches is None else among(filters, self.batches)


NOTHING_KNOWN = Known(frozenset(), None)


def among(filters: Filters, batches: Sequence[str]) -> Filters:
    """The filters for what is known to be in these batches alone, if they are few."""
    if len(batches) > FEW:
        return filters
    named = filters.batch
    return filters.with_("batch", tuple(b for b in batches if named is None or b in named))


def known(db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime) -> Known:
    """Ask what the kept totals know of a choice."""
    ((*kept, batches),) = db.execute(sql("known"), {"filters": filters.bound(now)}).fetchall()
    totals = frozenset(name for name, can_answer in zip(TOTALS, kept, strict=True) if can_answer)
    return Known(totals, None if batches is None else tuple(batches))


def decisive(filters: Filters) -> Filters:
    """That part of the filters by which known() differs: what known_of() looks at."""
    return replace(
        filters, folder=None, group=None, batch=None, type=None, item=None, cancelled=None
    )


def asks_what_is_known(name: str, filters: Filters) -> bool:
    """Whether it makes a difference to a query: it asks totals, or for beginnings."""
    return bool(totals_of(name)) or (filters.prefix is not None and "filters" in parameters(name))


def of_kept(totals: Iterable[str]) -> list[str]:
    """The schemas in which these totals are the kept ones."""
    return [f"kept_{name}" for name in sorted(totals)]


def one_state(db: duckdb.DuckDBPyConnection) -> None:
    """Let all questions that follow see one state of the data, until the cursor is closed.

    It is that of the first question, because a transaction reads nothing before.
    """
    db.execute("begin transaction read only")
