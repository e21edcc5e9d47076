"""What a sandbox is asked for, as messages: written by the app, read by the sandbox."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from queries.engine.sandbox.cells import Earlier, Rows, SqlCell
from queries.engine.sandbox.messages import Message

if TYPE_CHECKING:
    from queries.engine.sandbox.runner import Runner  # loads the engine

Answer = tuple[dict[str, Any], Sequence[pa.Table]]


def of_cells(do: str, cell: SqlCell, earlier: Earlier, **values: object) -> Message:
    """A request for a cell's result."""
    tables: list[pa.Table] = []
    items = [_described(item, tables) for item in (*earlier, cell)]
    return Message({"do": do, "items": items, **values}, tuple(tables))


def _described(item: SqlCell | Rows, tables: list[pa.Table]) -> dict[str, object]:
    """A cell as JSON; its table is appended to `tables`, and its number there stands for it."""
    table = item.table if isinstance(item, Rows) else item.listed
    number = None if table is None else len(tables)
    if table is not None:
        tables.append(table)
    if isinstance(item, Rows):
        return {"name": item.name, "table": number}
    return {"name": item.name, "sql": item.sql, "given": item.parameters, "table": number}


def _items(message: Message) -> list[SqlCell | Rows]:
    items: list[SqlCell | Rows] = []
    for item in message.values["items"]:
        table = None if item["table"] is None else message.tables[item["table"]]
        if "sql" in item:
            items.append(SqlCell(item["name"], item["sql"], item["given"], table))
        else:
            items.append(Rows(item["name"], table))
    return items


def answers(runner: "Runner", message: Message) -> Iterator[Answer]:
    """The answers to a request: values and tables. Raises SqlError."""
    values = message.values
    if values["do"] == "names":
        names = runner.names(values["sql"])
        yield {"tables": sorted(names.tables), "columns": sorted(names.columns)}, ()
        return
    *earlier, cell = _items(message)
    assert isinstance(cell, SqlCell)
    if values["do"] == "run":
        rows = runner.run(cell, earlier, values["offset"], values["most"])
        yield {"row_count": rows.row_count, "columns": rows.columns}, [rows.table]
        return
    for table in runner.batches(cell, earlier):
        yield {"more": True}, [table]
    yield {"more": False}, ()
