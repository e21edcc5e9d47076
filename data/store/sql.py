"""Runs the statements of the .sql files of data/."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from data.store.names import is_text
from data.store.settings import DATA

PATTERN = set("*?[")
Cursor = duckdb.DuckDBPyConnection


def run_script(cursor: Cursor, name: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Run the statements of `data/<name>.sql`, each with those parameters that it names.

    Returns the rows of the last one.
    """
    for statement in _statements(name):
        used = {key: parameters[key] for key in statement.named_parameters}
        cursor.execute(statement, used)
    return cursor.fetchall()


def relation(cursor: Cursor, name: str, **parameters: object) -> duckdb.DuckDBPyRelation:
    """The one query of `data/<name>.sql`, to be written to a file."""
    (statement,) = _statements(name)
    return cursor.sql(
        statement, params={key: parameters[key] for key in statement.named_parameters}
    )


@cache
def _statements(name: str) -> list[duckdb.Statement]:
    """Parsed once: parsing takes a tenth of the time of a small import."""
    return duckdb.extract_statements((DATA / f"{name}.sql").read_text("utf-8"))


@contextmanager
def literal_path(path: Path) -> Iterator[str]:
    """The path as read_csv() takes one, while the block runs.

    `*`, `?` and `[` match other files, and a name that is no UTF-8 cannot be given to the engine:
    such a file is read through a link. Brackets around the three would do too, but then the
    engine lists the folder, and fails where anything in it has a name that is no UTF-8.
    """
    if is_text(path) and not PATTERN & set(str(path)):
        yield str(path)
        return
    with tempfile.TemporaryDirectory(prefix="link-") as folder:
        link = Path(folder) / "file.csv"
        link.symlink_to(path.resolve())
        yield str(link)
