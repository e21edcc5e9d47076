"""Which totals answer a query of the chosen rows: the plan, and queries run by it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from queries.engine.execute import Cursor, execute, parameters, relation, sql
from queries.engine.paging import page
from queries.filters import Filters

TOTALS = ("code_totals", "redemption_totals", "site_totals")
FEW = 100  # batches; with more of them, naming them makes a query no faster


class Plan(NamedTuple):
    """How the store's totals can answer queries of a choice."""

    totals: frozenset[str]  # those of TOTALS that can answer; the others come from the rows
    batches: tuple[str, ...] | None  # where codes with the chosen prefixes are; None: no prefix

    def narrow(self, filters: Filters) -> Filters:
        """Filters that choose the same rows, among fewer batches."""
        return filters if self.batches is None else within_batches(filters, self.batches)


FROM_ROWS = Plan(frozenset(), None)


def run(
    cursor: Cursor, name: str, filters: Filters, now: datetime, **values: object
) -> pd.DataFrame:
    """Run one query of the chosen rows. One row per what the query's second line says.

    `now` judges the status where no as-of date is chosen. `values` are the query's further
    parameters; with `sort`, a column, `descending`, `offset` and `of`, the number of all rows,
    they say which page of the rows is wanted.
    """
    of_choice = plan(cursor, filters, now) if needs_plan(name, filters) else FROM_ROWS
    schemas = kept_schemas(totals_of(name) & of_choice.totals)
    return run_on(cursor, schemas, name, of_choice.narrow(filters), now, **values)


def run_on(
    cursor: Cursor,
    schemas: Sequence[str],
    name: str,
    filters: Filters,
    now: datetime,
    **values: object,
) -> pd.DataFrame:
    """The same with the totals of these schemas; others are counted from the rows.

    chosen_totals.sql defines the schemas.
    """
    if totals_of(name):
        cursor.execute("set search_path = $1", [",".join([*schemas, "main"])])
    given: dict[str, Any] = {"filters": filters.parameters(now), "now": now, **values}
    if "sort" in values:
        where = {key: given[key] for key in ("sort", "descending", "offset", "of")}
        return page(relation(cursor, name, **given), **where)
    return execute(cursor, name, **given).df()


@cache
def totals_of(name: str) -> frozenset[str]:
    """Which totals a query reads: some of TOTALS, or none."""
    read = re.findall(r"chosen_(\w+)_(?:totals|sizes)\(", sql(name))
    return frozenset(f"{what}_totals" for what in read)


@cache
def reads_sizes(name: str) -> bool:
    """Whether a query reads sizes, which the rows and the totals have and no selection has."""
    return "_sizes(" in sql(name)


def within_batches(filters: Filters, batches: Sequence[str]) -> Filters:
    """The filters narrowed to rows that are known to be in these batches, if they are few."""
    if len(batches) > FEW:
        return filters
    named = filters.batch
    return filters.with_("batch", tuple(b for b in batches if named is None or b in named))


def plan(cursor: Cursor, filters: Filters, now: datetime) -> Plan:
    """Ask the store's totals which of them can answer."""
    parameters_of_choice = filters.parameters(now)
    ((*can_answer, batches),) = execute(cursor, "known", filters=parameters_of_choice).fetchall()
    totals = frozenset(name for name, can in zip(TOTALS, can_answer, strict=True) if can)
    return Plan(totals, None if batches is None else tuple(batches))


def plan_key(filters: Filters) -> Filters:
    """The cache key of plan(): only the filters that decide whether the totals apply."""
    return replace(
        filters, folder=None, group=None, batch=None, type=None, item=None, cancelled=None
    )


def needs_plan(name: str, filters: Filters) -> bool:
    """Whether a plan makes a difference to a query: it reads totals, or looks for prefixes."""
    return bool(totals_of(name)) or (filters.prefix is not None and "filters" in parameters(name))


def kept_schemas(totals: Iterable[str]) -> list[str]:
    """The schemas in which these totals are the store's."""
    return [f"kept_{name}" for name in sorted(totals)]


def judges_status(name: str, filters: Filters) -> bool:
    """Whether a result depends on the as-of moment, or on the clock where no day is chosen."""
    reads_codes = "code_totals" in totals_of(name) or "chosen_codes(" in sql(name)
    return filters.status is not None or reads_codes or "'asof'" in sql(name)
