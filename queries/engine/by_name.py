"""Runs any query by its name, with its parameters given as texts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import duckdb
import pandas as pd

from queries.comparison import Comparison
from queries.engine.cluster.errors import ClusterError
from queries.engine.execute import Cursor
from queries.engine.paging import TIES
from queries.engine.texts import parameters, paths, sql
from queries.engine.totals import (
    SECOND,
    TOTALS,
    TOTALS_OF_SECOND,
    UNSELECTED,
    read_data_until,
    run,
)
from queries.filters import Filters
from queries.text import read_day

DEFAULTS: dict[str, object] = {
    "search": None,
    "whole": False,
    "every_day": True,
    "offset": 0,
    "most": 1_000_000,
    "days": 28,
    "minutes": 5,
    "limits": "99.8",
    "imported_since": None,
    "columns": "none",
    "per_day": "no",
    "stored": None,
    "since": None,
    "from_import": None,
}
WHOLE_NUMBERS = {"import_id", "from_import", "offset", "most", "days", "minutes"}
DAYS = {"since", "imported_since"}
# Folders of queries that the engine runs for itself.
OWN = {"selections", "prefixes", "redaction", "checking", "near", "steps"}
YES_OR_NO = {name: {"yes": True, "no": False} for name in ("whole", "every_day", "stored")}
SEVERAL = {"texts", "starts", "short", "points"}
GIVEN = {
    "filters",
    "data_until",
    "asof",
    *TOTALS,
    *UNSELECTED,
    SECOND,
    *TOTALS_OF_SECOND,
}  # that the engine fills in

Row = dict[str, Any]


class NotRun(Exception):
    """The query cannot be run as called; the text says why."""


def names() -> list[str]:
    """The queries that can be run by name: all but the engine's own and those that write a file."""
    return [n for n, path in paths().items() if path.parent.name not in OWN and _is_select(n)]


def text_of(name: str) -> str:
    """The SQL of a query. Raises NotRun."""
    if name not in names():
        raise NotRun(f"There is no query {name}. There are: {', '.join(names())}.")
    return sql(name)


def wanted(name: str) -> list[str]:
    """The parameters that a query takes beside the filters."""
    return sorted(parameters(name) - GIVEN)


def rows(
    cursor: Cursor,
    name: str,
    filters: Filters,
    texts: Mapping[str, Sequence[str]],
    compared: Comparison | None = None,
) -> list[Row]:
    """The rows of a query, dates in ISO form. Raises NotRun.

    `texts` has the values of its parameters by their names; `compared` says what a query of two
    choices compares.
    """
    return rows_of(frame(cursor, name, filters, texts, compared))


def frame(
    cursor: Cursor,
    name: str,
    filters: Filters,
    texts: Mapping[str, Sequence[str]],
    compared: Comparison | None = None,
    mark: str = "--",
) -> pd.DataFrame:
    """The rows of a query as a frame. Raises NotRun, whose parameters begin with `mark`."""
    text_of(name)
    values = _values(name, texts, mark)
    values |= _second(cursor, name, filters, compared)
    try:
        found = run(cursor, name, filters, None, **values)
    except ClusterError as error:
        raise NotRun(str(error)) from None
    except duckdb.Error as error:  # its message may quote a code
        raise NotRun(
            f"The query {name} could not be run with these values ({type(error).__name__})."
        ) from None
    return found.drop(columns=list(TIES), errors="ignore")


def facts(
    name: str, filters: Filters, texts: Iterable[str], compared: Comparison | None = None
) -> dict[str, object]:
    """What the audit log may say of a query: names, not values, which may be codes.

    Raises NotRun.
    """
    text_of(name)
    pairs = [*filters.to_query(), *(compared.to_query() if compared else [])]
    return {
        "query": name,
        "filters": sorted({parameter for parameter, _ in pairs}),
        "parameters": sorted(set(texts) & set(wanted(name))),
    }


def _second(
    cursor: Cursor, name: str, filters: Filters, compared: Comparison | None
) -> dict[str, object]:
    """The second choice of a query that compares two; of another query nothing. Raises NotRun."""
    if not compares(name):
        if compared:
            raise NotRun(f"The query {name} is of one choice: leave out --compare and --b-….")
        return {}
    if compared is None:
        raise NotRun(f"The query {name} needs --compare, or a second choice such as --b-group.")
    second = compared.second(filters, read_data_until(cursor).date())
    if second.filters is None:
        raise NotRun(second.reason)
    return {SECOND: second.filters}


def compares(name: str) -> bool:
    """Whether a query is of two choices."""
    return SECOND in parameters(name)


def _values(name: str, texts: Mapping[str, Sequence[str]], mark: str) -> dict[str, object]:
    taken = wanted(name)
    if unknown := sorted(set(texts) - set(taken)):
        takes = f"takes {_options(taken, mark)}" if taken else "takes no parameters"
        raise NotRun(f"The query {name} {takes}, and not {_options(unknown, mark)}.")
    missing = [p for p in taken if p not in texts and p not in DEFAULTS]
    if missing:
        raise NotRun(f"The query {name} needs {_options(missing, mark)}.")
    return {p: _value(p, texts[p], mark) if p in texts else DEFAULTS[p] for p in taken}


def _value(parameter: str, texts: Sequence[str], mark: str) -> object:
    if parameter in SEVERAL:
        return list(texts)
    if len(texts) != 1:
        raise NotRun(f"{mark}{parameter} takes one value, and was given {len(texts)}.")
    text = texts[0]
    if parameter in WHOLE_NUMBERS:
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise NotRun(f"{mark}{parameter} takes a whole number.")
        return int(text)
    if parameter in DAYS and read_day(text) is None:
        raise NotRun(f"{mark}{parameter} takes a day, such as 2026-11-23.")
    if parameter in YES_OR_NO:
        if text not in YES_OR_NO[parameter]:
            raise NotRun(f"{mark}{parameter} takes yes or no.")
        return YES_OR_NO[parameter][text]
    return text


@cache
def _is_select(name: str) -> bool:
    (statement,) = duckdb.extract_statements(sql(name))
    return bool(statement.type == duckdb.StatementType.SELECT)


def _options(names: Sequence[str], mark: str) -> str:
    return ", ".join(f"{mark}{name}" for name in names)


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """One dictionary per row, of what JSON can hold."""
    text = frame.to_json(orient="records", date_format="iso", date_unit="s", double_precision=15)
    found: list[Row] = json.loads(text)
    return found
