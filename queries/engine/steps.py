"""Which steps of sorted rows there are: how many rows have each value of the sort column."""

from collections.abc import Mapping
from typing import Any

import duckdb

from queries.engine import paging
from queries.engine.execute import Cursor, execute
from queries.engine.paging import Step

# The queries that tell the steps of a list, the totals that they read, and the columns that these
# know: of each other one the rows themselves would have to be counted.
OF_LISTS = {
    "codes_rows": (
        "codes_steps",
        "code_totals",
        frozenset(
            {"code", "group_name", "status", "first_redeemed"}
            | {"start_date", "expiry_date", "folder", "batch"}
        ),
    ),
    "transactions_rows": (
        "transactions_steps",
        "redemption_totals",
        frozenset({"time", "code", "group_name", "campaign_id", "cancelled"}),
    ),
}
# Columns of few values, each of so many rows that also the first page takes long to sort.
COARSE = frozenset({"group_name", "status", "cancelled"})
# A number of few values, which no totals have: its steps are counted from the rows.
FEW_NUMBERS = "scans"


def totals_of_page(name: str, values: Mapping[str, Any]) -> str | None:
    """The totals that tell the steps by which a page of a list is found sooner, if any do."""
    if name not in OF_LISTS or "sort" not in values or values.get("search") is not None:
        return None
    _, totals, columns = OF_LISTS[name]
    sort = values["sort"]
    return totals if sort in columns and (sort in COARSE or is_deep(values)) else None


def is_deep(values: Mapping[str, Any]) -> bool:
    """Whether a page lies so far from both ends that sorting all rows takes long."""
    offset, of = values["offset"], values["of"]
    return bool((offset if of is None else min(offset, of - offset)) > paging.DEEP)


def steps_of(
    cursor: Cursor,
    name: str,
    rows: duckdb.DuckDBPyRelation,
    given: Mapping[str, Any],
    *,
    by_totals: bool,
) -> list[Step]:
    """The steps of a list's rows by its column `sort`, ascending. One per step; none if not known.

    `given` are the values of the list's query, of its page and, if the steps are known `by_totals`,
    of these.
    """
    if by_totals:
        return _by_totals(cursor, OF_LISTS[name][0], given)
    if given["sort"] == FEW_NUMBERS and FEW_NUMBERS in rows.columns and is_deep(given):
        return _counted(rows, FEW_NUMBERS)
    return []


def _by_totals(cursor: Cursor, query: str, given: Mapping[str, Any]) -> list[Step]:
    found = execute(cursor, query, column=given["sort"], **given).fetchall()
    return [
        Step(
            first_text if first_moment is None else first_moment,
            last_text if last_moment is None else last_moment,
            count,
        )
        for first_text, last_text, first_moment, last_moment, count in found
    ]


def _counted(rows: duckdb.DuckDBPyRelation, column: str) -> list[Step]:
    number = duckdb.ColumnExpression(column)
    found = rows.aggregate([number, duckdb.FunctionExpression("count")], column).order(column)
    return [Step(value, value, count) for value, count in found.fetchall()]
