"""Cells of SQL as tests write them, and what a sandbox makes of them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from queries.access import EVERYTHING, Access
from queries.engine.sandbox.cells import Earlier, SqlCell, SqlError, SqlRows
from queries.engine.sandbox.sandbox import Sandbox
from tests.support.queries import NOW, filters_of


def cell(
    sql: str,
    query: str = "",
    *,
    name: str = "cell",
    access: Access = EVERYTHING,
    now: datetime = NOW,
) -> SqlCell:
    """A cell with the filters of a URL."""
    filters = filters_of(query)
    seen = replace(filters, access=access)
    return SqlCell(name, sql, seen.parameters(now))


def rows_of(sandbox: Sandbox, asked: SqlCell | str, earlier: Earlier = ()) -> list[tuple[Any, ...]]:
    """The rows of a cell, or of SQL without filters, as tuples."""
    found = sandbox.run(cell(asked) if isinstance(asked, str) else asked, earlier)
    return list(zip(*(column.to_pylist() for column in found.table.columns), strict=True))


def outcome_of(sandbox: Sandbox, asked: SqlCell | str, earlier: Earlier = ()) -> SqlRows | SqlError:
    """The result of a cell, or the error that it ends with."""
    try:
        return sandbox.run(cell(asked) if isinstance(asked, str) else asked, earlier)
    except SqlError as error:
        return error


def error_of(sandbox: Sandbox, asked: SqlCell | str, earlier: Earlier = ()) -> SqlError:
    """The error of a cell that gives no result."""
    outcome = outcome_of(sandbox, asked, earlier)
    assert isinstance(outcome, SqlError), outcome
    return outcome
