"""The lists of codes that choose rows, as tables in memory that all cursors of a store see."""

from itertools import count

import pyarrow as pa

from queries.engine.execute import Cursor
from queries.engine.registered import registered
from queries.engine.texts import sql

_numbers = count(1)


def new_table() -> str:
    """A name for the table of a list, which no other list gets while the process runs."""
    return f"list_{next(_numbers)}"


def create(cursor: Cursor, table: str, lines: pa.Table) -> None:
    """Create the table of a list, unless the store has it. Drop it with drop()."""
    with registered(cursor, {"list_lines": lines}):
        cursor.execute(f"create table if not exists {table} as {sql('select_list')}")


def drop(cursor: Cursor, table: str) -> None:
    """Drop what create() created."""
    cursor.execute(f"drop table if exists {table}")
