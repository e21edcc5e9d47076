"""The .sql files of queries/: their texts and their parameters, by their names."""

from functools import cache
from pathlib import Path

import duckdb

QUERIES = Path(__file__).parents[1]  # the folder queries/


@cache
def paths() -> dict[str, Path]:
    """The .sql files of queries/ by their names, which are unique."""
    return {path.stem: path for path in sorted(QUERIES.rglob("*.sql"))}


@cache
def sql(name: str) -> str:
    """The text of the query `name`. Raises KeyError where there is none."""
    return paths()[name].read_text("utf-8")


@cache
def parameters(name: str) -> frozenset[str]:
    """The names of a query's parameters."""
    (statement,) = duckdb.extract_statements(sql(name))
    return frozenset(statement.named_parameters)
