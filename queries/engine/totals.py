"""Which totals answer a query of the chosen rows: the plan, and queries run by it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from queries.access import EVERYTHING
from queries.engine import elsewhere
from queries.engine.execute import Cursor, execute
from queries.engine.list_pages import page_of
from queries.engine.paging import CODES, TIES
from queries.engine.prefixes import looked_up
from queries.engine.steps import totals_of_page
from queries.engine.texts import parameters
from queries.filters import Filters

TOTALS = ("code_totals", "redemption_totals", "site_totals")
# The parameters of a query of two choices that are of the second one.
SECOND = "b"
TOTALS_OF_SECOND = {f"{SECOND}_{totals}": totals for totals in TOTALS}
# Parameters of the queries that need what no selection has: sizes, for which it would read every
# code, and all dimensions of pivot tables.
UNSELECTED = {
    "code_sizes": "code_totals",
    "redemption_sizes": "redemption_totals",
    "pivot_redemptions": "redemption_totals",
    "pivot_sites": "site_totals",
}
# What chosen_totals.sql calls the store's totals, and those that it counts from the rows.
STORED, COUNTED = "stored", "counted"
OF_ALL_TOTALS = ("folder", "group", "batch", "type", "item")  # filters that each can answer
FEW = 100  # batches; with more of them, naming them makes a query no faster


class Plan(NamedTuple):
    """How the store's totals can answer queries of a choice."""

    totals: frozenset[str]  # those of TOTALS that can answer; the others come from the rows
    batches: tuple[str, ...] | None  # where codes with the chosen prefixes are; None: no prefix

    def narrow(self, filters: Filters) -> Filters:
        """Filters that choose the same rows, among fewer batches."""
        return filters if self.batches is None else within_batches(filters, self.batches)

    def tables(self, name: str, values: Mapping[str, Any]) -> dict[str, str]:
        """What a query reads, without selections: the value of each parameter for totals."""
        read = totals_read(name, values).items()
        return {key: STORED if totals in self.totals else COUNTED for key, totals in read}


FROM_ROWS = Plan(frozenset(), None)


def read_data_until(cursor: Cursor) -> datetime:
    """Until when the data reach; of an empty store, this minute."""
    ((data_until,),) = execute(cursor, "data_until").fetchall()
    return data_until or datetime.now().replace(second=0, microsecond=0)


def run(
    cursor: Cursor,
    name: str,
    filters: Filters,
    data_until: datetime | None = None,
    **values: object,
) -> pd.DataFrame:
    """Run one query of the chosen rows. One row per what its line "-- One row per …" says.

    `data_until` is read from the store where it is None and the query depends on it. `values` are
    the query's further parameters; with `sort`, a column, `descending`, `offset` and `of`, the
    number of all rows, they say which page of the rows is wanted; with SECOND, the filters of the
    second choice, that its person sees no more of that one.
    """
    filters = looked_up(cursor, filters)
    if data_until is None:
        depends = depends_on_data_until(name, filters)
        data_until = read_data_until(cursor) if depends else datetime.min
    if isinstance(second := values.get(SECOND), Filters):
        second = replace(second, access=filters.access)
        values |= _of_second(cursor, looked_up(cursor, second), data_until)
    is_planned = needs_plan(name, filters, values)
    of_choice = plan(cursor, filters, data_until) if is_planned else FROM_ROWS
    tables = of_choice.tables(name, values)
    return run_on(cursor, tables, name, of_choice.narrow(filters), data_until, **values)


def _of_second(cursor: Cursor, second: Filters, data_until: datetime) -> dict[str, object]:
    """What a query of two choices is given for the second one."""
    of_choice = plan(cursor, second, data_until)
    tables = {
        parameter: STORED if totals in of_choice.totals else COUNTED
        for parameter, totals in TOTALS_OF_SECOND.items()
    }
    return {SECOND: of_choice.narrow(second).parameters(data_until), **tables}


def run_on(
    cursor: Cursor,
    tables: Mapping[str, str],
    name: str,
    filters: Filters,
    data_until: datetime,
    **values: object,
) -> pd.DataFrame:
    """The same with these tables: STORED, COUNTED or a selection for each of totals_read().

    What is COUNTED tells no steps of a page: that would take longer than to sort the rows.
    """
    chosen = filters.parameters(data_until)
    given: dict[str, Any] = {
        "filters": chosen,
        "asof": chosen["asof"],
        "data_until": data_until,
        **tables,
        **values,
    }
    if "sort" in values:
        if (found := elsewhere.rows_of(cursor, name, given)) is not None:
            frame: pd.DataFrame = found.df()
            return frame
        where = {key: given[key] for key in ("sort", "descending", "offset", "of")}
        if filters.access.masked and where["sort"] in CODES:
            where["sort"] = TIES[0]  # their order would tell what is between two codes
        totals = totals_of_page(name, given | where)
        by_totals = totals is not None and tables.get(totals, COUNTED) != COUNTED
        return page_of(cursor, name, given, where, by_totals=by_totals)
    return execute(cursor, name, **given).df()


@cache
def totals_of(name: str) -> dict[str, str]:
    """Which of TOTALS a query reads, by its parameters for them. Do not change it."""
    every = {totals: totals for totals in TOTALS} | UNSELECTED
    return {key: totals for key, totals in every.items() if key in parameters(name)}


def totals_read(name: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The same with those that its page is found by."""
    of_page = totals_of_page(name, values)
    return totals_of(name) | ({of_page: of_page} if of_page else {})


def within_batches(filters: Filters, batches: Sequence[str], few: int = FEW) -> Filters:
    """The filters narrowed to rows that are known to be in these batches, if they are few."""
    if filters.rest or len(batches) > few:  # a named batch would be left out of everything else
        return filters
    named = filters.batch
    return filters.with_("batch", tuple(b for b in batches if named is None or b in named))


def plan(cursor: Cursor, filters: Filters, data_until: datetime) -> Plan:
    """Look up which of the store's totals can answer."""
    parameters_of_choice = filters.parameters(data_until)
    ((*can_answer, batches),) = execute(cursor, "plan", filters=parameters_of_choice).fetchall()
    totals = frozenset(name for name, can in zip(TOTALS, can_answer, strict=True) if can)
    return Plan(totals, None if batches is None else tuple(batches))


def plan_key(filters: Filters) -> Filters:
    """The cache key of plan(): without what all totals can answer."""
    for name in ("prefix", "prefix!"):
        filters = filters.with_(name, filters.answered_prefixes(name))
    for name in OF_ALL_TOTALS:
        filters = filters.with_(name, None).with_(f"{name}!", None)
    return replace(filters, cancelled=None, access=EVERYTHING)


def needs_plan(name: str, filters: Filters, values: Mapping[str, Any]) -> bool:
    """Whether a plan makes a difference to a query: it reads totals, or looks for prefixes."""
    looks_for_prefixes = filters.prefix is not None and "filters" in parameters(name)
    return bool(totals_read(name, values)) or looks_for_prefixes


def depends_on_data_until(name: str, filters: Filters) -> bool:
    """Whether a result depends on until when the data reach."""
    named = {"asof", "data_until"} & parameters(name)
    of_period = filters.from_ is not None or filters.judges_status()
    return bool(named) or needs_plan(name, filters, {}) or of_period
