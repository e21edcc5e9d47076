"""Runs the .sql files of queries/ on a cursor."""

from pathlib import Path
from typing import Any

import duckdb

from queries.engine import elsewhere
from queries.engine.texts import parameters, sql

Cursor = duckdb.DuckDBPyConnection
EngineError = duckdb.Error
Interrupted = duckdb.InterruptException


def execute(cursor: Cursor, name: str, **values: object) -> Cursor | duckdb.DuckDBPyRelation:
    """Execute the query `name` with those of the values that are its parameters.

    Raises KeyError where a parameter has no value, and ClusterError.
    """
    if (rows := elsewhere.rows_of(cursor, name, values)) is not None:
        return rows
    return cursor.execute(sql(name), _used(name, values))


def relation(cursor: Cursor, name: str, **values: object) -> duckdb.DuckDBPyRelation:
    """The query `name` as a relation, to be sorted, cut or streamed. Raises ClusterError."""
    if (rows := elsewhere.rows_of(cursor, name, values)) is not None:
        return rows
    return cursor.sql(sql(name), params=_used(name, values))


def rows_by(cursor: Cursor, name: str, ending: str, **values: object) -> Cursor:
    """Rows of the query `name` by an ending such as "order by code limit 50", of the store here.

    It asks no cluster: who calls has done so.
    """
    return cursor.execute(f"from (\n{sql(name)}\n) {ending}", _used(name, values))


def begin_snapshot(cursor: Cursor) -> None:
    """Let all queries that follow see one version of the data, until the cursor is closed.

    It is that of the first query, because a transaction reads nothing before.
    """
    cursor.execute("begin transaction read only")


def renew_snapshot(cursor: Cursor) -> None:
    """Begin a snapshot in place of one that a failed query has ended. It may be of newer data."""
    cursor.rollback()
    begin_snapshot(cursor)


def _used(name: str, values: dict[str, object]) -> dict[str, object]:
    return {key: values[key] for key in parameters(name)}


def write_csv(rows: Any, file: Path, timestamp_format: str) -> None:  # noqa: ANN401 - a pyarrow.Table
    """Write an Arrow table that is no part of the store as CSV."""
    with duckdb.connect() as db:
        db.from_arrow(rows).write_csv(str(file), header=True, timestamp_format=timestamp_format)
