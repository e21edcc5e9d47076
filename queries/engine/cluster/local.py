"""A DuckDB without rows, in memory: what a query would be here, before a cluster is asked.

It evaluates what rests on no row, and knows the columns of tables and results.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
from sqlglot import exp

from queries.engine.cluster.macros import DIALECT
from queries.engine.read_only import FOLDER, MACROS
from queries.engine.texts import parameters
from queries.engine.texts import sql as text_of

SCHEMA = FOLDER.parent / "schema.sql"
_lock = Lock()


class Evaluated(NamedTuple):
    """The value of an expression, and its type in SQL."""

    value: object
    type: str


def evaluate(expressions: Sequence[exp.Expr], values: Mapping[str, object]) -> list[Evaluated]:
    """What the expressions are with these parameters."""
    used = {found.name for one in expressions for found in one.find_all(exp.Placeholder)}
    # Put together as text: a tree of them would be copied four times.
    select = "select " + ", ".join(one.sql(DIALECT) for one in expressions)
    with cursor() as opened:
        result = opened.execute(select, {name: values[name] for name in used})
        types = [str(type_) for _, type_, *_ in result.description]
        (row,) = result.fetchall()
    return [Evaluated(value, type_) for value, type_ in zip(row, types, strict=True)]


@cache
def columns(table: str) -> dict[str, str]:
    """The types of a table of the store, by its columns in their order."""
    with cursor() as opened:
        return {name: str(type_) for name, type_, *_ in opened.table(table).description}


def schema(name: str, values: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> pa.Schema:
    """The columns that the query `name` has here, with their types."""
    with cursor() as opened:
        for table, rows in tables.items():
            opened.register(table, rows.slice(0, 0))
        try:
            given = {parameter: values[parameter] for parameter in parameters(name)}
            return opened.sql(text_of(name), params=given).to_arrow_table().schema
        finally:
            for table in tables:
                opened.unregister(table)


@cache
def letters(case: str) -> tuple[str, str]:
    """The letters that lower() or upper() changes here, and what it makes of each."""
    with cursor() as opened:
        pairs = opened.execute(
            "select distinct sign, if($case = 'lower', lower(sign), upper(sign)) as other "
            # The last letter with a case is U+1E943; surrogates are no signs.
            "from (select chr(if(number between 55_296 and 57_343, 65, number)::int) as sign "
            "from range(1, 131_072) as numbers(number)) where other <> sign",
            {"case": case},
        ).fetchall()
    return "".join(sign for sign, _ in pairs), "".join(other for _, other in pairs)


def cursor() -> duckdb.DuckDBPyConnection:
    """A cursor on the empty store, closed by whoever takes it."""
    with _lock:
        return _database().cursor()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.execute("attach ':memory:' as vouchers")
    database.execute(SCHEMA.read_text("utf-8"))
    for name in MACROS:
        database.execute((FOLDER / f"{name}.sql").read_text("utf-8"))
    return database
