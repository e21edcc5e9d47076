"""A query of queries/ as Spark's SQL, so that no .sql file has a twin."""

from collections.abc import Hashable, Mapping
from functools import cache
from threading import Lock
from typing import Any, NamedTuple

import sqlglot
from cachetools import LRUCache, cached
from sqlglot import exp

from queries.engine.cluster import aliases, columns, local
from queries.engine.cluster.constants import Parameters
from queries.engine.cluster.expand import expand
from queries.engine.cluster.macros import DIALECT
from queries.engine.cluster.order import OF_FILES, POSITION, in_order_of_store
from queries.engine.cluster.page import Page, paged
from queries.engine.cluster.scopes import STORE, name_apart
from queries.engine.cluster.spark_sql import argument, written
from queries.engine.cluster.which import IN_ORDER_OF_STORE, PLACED
from queries.engine.texts import sql

MOST = 200  # translations at hand: each takes up to 0.2 s


class Translated(NamedTuple):
    """SQL of Spark, its arguments, and the tables that it reads, by their names there."""

    sql: str
    arguments: dict[str, Any]
    tables: dict[str, str]  # the cluster's name: ours, "vouchers.codes" or "list_lines"


def _key(
    name: str,
    values: Mapping[str, Any],
    names: Mapping[str, str],
    *,
    page: Page | None = None,
) -> Hashable:
    return name, repr(values), repr(names), page


@cached(LRUCache(MOST), key=_key, lock=Lock())
def translate(
    name: str,
    values: Mapping[str, Any],
    names: Mapping[str, str],
    *,
    page: Page | None = None,
) -> Translated:
    """The query `name` with these values of its parameters.

    `names` has the cluster's names of the tables that may be read; the rows of the store must have
    their position where the query is one of PLACED. Raises KeyError where another table is read. Do
    not change the result.
    """
    expanded, bound = _expanded(name, values)
    query, parameters = expanded.copy(), Parameters(values, bound)
    used: dict[str, str] = {}

    def table(ours: str) -> str:
        used[names[ours]] = ours
        return names[ours]

    if name in IN_ORDER_OF_STORE:
        query = in_order_of_store(query)
    holder = exp.Subquery(this=paged(query, page) if page else query)
    name_apart(holder, table)
    known = {theirs: _columns(ours, name in PLACED) for theirs, ours in used.items()}
    columns.write_out(holder, known)
    aliases.write_out(holder, known)
    text = written(holder.this, parameters)
    left = {found.name for found in holder.find_all(exp.Placeholder)}
    arguments = {name: argument(parameters.bound[name]) for name in sorted(left)}
    return Translated(text, arguments, used)


def _columns(ours: str, with_position: bool) -> list[str]:
    if not ours.startswith(f"{STORE}."):
        return []
    has_position = with_position and ours.removeprefix(f"{STORE}.") in OF_FILES
    return [*local.columns(ours), *([POSITION] if has_position else [])]


@cached(LRUCache(MOST), key=lambda name, values: (name, repr(values)), lock=Lock())
def _expanded(name: str, values: Mapping[str, Any]) -> tuple[exp.Expr, dict[str, object]]:
    """The query without macros, and the parameters bound in it; nearly all the time goes here.

    Apart, because a question is translated twice: to learn which tables go with it, and with their
    names. Copy the tree before changing it.
    """
    parameters = Parameters(values)
    return expand(_parsed(name).copy(), parameters), parameters.bound


@cache
def _parsed(name: str) -> exp.Expr:
    return sqlglot.parse_one(sql(name), read=DIALECT)
