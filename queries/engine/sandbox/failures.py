"""Says in words of ours why the engine could not run a cell.

The engine's messages quote rows, and name what is none of an analyst's business: of them only the
kind of error and its place are read.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from queries.engine.sandbox.cells import SqlFailed
from queries.engine.sandbox.places import place_at, suggestion, word_at
from queries.engine.sandbox.statement import Part, Span, Statement

TOO_LARGE = "The cell needs more memory than a cell may use: choose fewer rows, or count them."
# By how the engine's message begins, or what is in it.
BY_MESSAGE = (
    ("must appear in the GROUP BY", "“{word}” must stand in group by, or in an aggregate: sum()."),
    ("Ambiguous reference", "More than one table has “{word}”: put the table's name before it."),
    ("Referenced table", "There is no table “{word}” in from."),
    ("cannot be nested", "An aggregate cannot stand within another one."),
    ("cannot contain aggregates", "An aggregate cannot stand here: having takes one, where none."),
    ("cannot contain window", "A window function cannot stand here: qualify takes one."),
    ("best candidate", "{word}() does not take values of these types, or not so many."),
    ("No function matches", "“{word}” does not take values of these types, or not so many."),
    (
        "More than one row returned by a subquery",
        "A query that stands for one value has more rows.",
    ),
    ("Cannot mix values of type", "Values of different types stand together here: cast them."),
    ("Cannot compare values of type", "Values of different types are compared here: cast them."),
    ("has less columns", "The names for columns are more than the columns."),
    ("Set operations can only apply", "The queries that are put together differ in columns."),
    ("does not have a column named", "There is no column “{word}” in that table."),
    (
        "Could not parse string",
        "A text is not as the format says: try_strptime() gives null.",
    ),
)
BY_KIND = {
    "Conversion": "A value cannot be read as this type: try_cast() gives null instead.",
    "Out of Range": "A number or a date is too large or too small for its type.",
    "Out of Memory": TOO_LARGE,
    "Parser": "The SQL cannot be read here.",
    "Binder": "This does not fit together: check the names and types here.",
    "Catalog": "There is nothing of this name.",
    "Invalid Input": "A function was given a value that it does not take.",
    "Invalid Type": "This type does not fit here.",
    "Not implemented": "The engine cannot do this.",
    "Mismatch Type": "Values of different types stand together here: cast them.",
}
OTHERWISE = "The cell could not be run."


def failure(
    error: Exception, statement: Statement, columns: Callable[[Part], Sequence[str]]
) -> SqlFailed:
    """The error of a cell. `columns` gives those that a part of it can name, to suggest one."""
    details = _details(error)
    span, place, word = _where(details, statement)
    cell = span.part.name if span else ""
    if details.get("error_subtype") == "COLUMN_NOT_FOUND" and span and word:
        hint = suggestion(word, columns(span.part), by_parts=True)
        where = _tables(span)
        return SqlFailed(f"There is no column {word}{where}{hint}", cell=cell, place=place)
    return SqlFailed(_reason(details, word), cell=cell, place=place)


def _tables(span: Span) -> str:
    """Of which table, where a cell reads only one."""
    tables = list(span.part.checked.places) if span.part.checked else []
    return f" in {tables[0]}" if len(tables) == 1 else ""


def _details(error: Exception) -> dict[str, Any]:
    """The fields of an error, which the engine writes as JSON after its kind."""
    if isinstance(error, MemoryError):
        return {"exception_type": "Out of Memory"}
    start = str(error).find("{")
    try:
        found = json.loads(str(error)[start:]) if start >= 0 else {}
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}


def _where(details: dict[str, Any], statement: Statement) -> tuple[Span | None, Any, str]:
    position = str(details.get("position", ""))
    span = statement.span_at(int(position)) if re.fullmatch(r"\d{1,9}", position) else None
    if span is None or span.part.checked is None:
        return None, None, ""
    sql, byte = span.part.checked.sql, int(position) - span.start
    return span, place_at(sql, byte), word_at(sql, byte)


def _reason(details: dict[str, Any], word: str) -> str:
    message = str(details.get("exception_message", ""))
    for part, sentence in BY_MESSAGE:
        if part in message and (word or "{word}" not in sentence):
            return sentence.replace("{word}", word)
    return BY_KIND.get(str(details.get("exception_type")), OTHERWISE)
