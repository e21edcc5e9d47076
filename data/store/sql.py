"""Runs the statements of the .sql files of data/."""

from functools import cache
from typing import Any

import duckdb

from data.store.settings import DATA

Cursor = duckdb.DuckDBPyConnection


def run_script(cursor: Cursor, name: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Run the statements of `data/<name>.sql`, each with those parameters that it names.

    Returns the rows of the last one.
    """
    for statement in _statements(name):
        used = {key: parameters[key] for key in statement.named_parameters}
        cursor.execute(statement, used)
    return cursor.fetchall()


@cache
def _statements(name: str) -> list[duckdb.Statement]:
    """Parsed once: parsing takes a tenth of the time of a small import."""
    return duckdb.extract_statements((DATA / f"{name}.sql").read_text("utf-8"))


def literal_path(path: object) -> str:
    """The path as read_csv() takes one: unescaped, `*`, `?` and `[` match other files."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
