"""Lets queries read tables that are no part of the store, for as long as a block runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from queries.engine.execute import Cursor, relation


@contextmanager
def registered(cursor: Cursor, tables: Mapping[str, pa.Table]) -> Iterator[None]:
    """Let this cursor's queries read Arrow tables by their names. No other cursor sees them."""
    for name, table in tables.items():
        cursor.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            cursor.unregister(name)


def as_table(cursor: Cursor, name: str, **values: Any) -> pa.Table:  # noqa: ANN401
    """The rows of the query `name` as an Arrow table."""
    return relation(cursor, name, **values).to_arrow_table()
