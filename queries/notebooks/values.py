"""Single values of a result, by the names that a text or an alert gives them."""

import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import NamedTuple

import pandas as pd

from queries.notebooks.result import CellResult
from queries.notebooks.written import Scalar, is_number, is_rate, signed, written
from queries.text import listed

# A change of net redemptions; <column>_change is that of another column.
CHANGED = re.compile(r"(?:(\w+)_)?change", re.IGNORECASE)
OF_COMPARED = ("a", "b", "difference", "low", "high")  # the columns of the query compare_numbers
COMPARED = re.compile(rf"(\w+)_({'|'.join(OF_COMPARED)})", re.IGNORECASE)
MOST_NAMED = 12  # columns that a sentence names


class NoValue(Exception):
    """There is no such value; the text is a clause that says why, without a full stop."""


class Value(NamedTuple):
    """A value and how it is written; a change of a count is a fraction, that of a rate too."""

    value: Scalar
    text: str


def value_of(result: CellResult, column: str) -> Value:
    """The value of a cell's only row in a column, or one made of it. Raises NoValue."""
    name, frame = result.meaning.name, result.frame
    if not result.is_ok or frame is None:
        raise NoValue(f"{name} has no result: {result.error.rstrip('.')}")
    if result.meaning.cell.kind == "control":
        return _of_control(result, frame, column)
    if result.meaning.cell.kind == "compare" and (parts := COMPARED.fullmatch(column)):
        return _of_compared(frame, parts[1], parts[2]) or _in_row(name, frame, column)
    if result.meaning.cell.kind == "numbers" and (changed := CHANGED.fullmatch(column)):
        return _changed(result, frame, changed[1] or "net")
    return _in_row(name, frame, column)


def names_of(result: CellResult) -> list[str]:
    """The names that value_of() may find in a result: columns, and what is made of them."""
    frame, kind = result.frame, result.meaning.cell.kind
    if frame is None or not result.is_ok:
        return []
    columns = [str(column) for column in frame.columns]
    if kind == "numbers":
        return [*columns, "change", *(f"{column}_change" for column in columns)]
    if kind == "compare":
        return [f"{number}_{part}" for number in frame["number"] for part in OF_COMPARED]
    return columns


def column_of(frame: pd.DataFrame, column: str) -> str | None:
    """The frame's column of that name, whatever its case, as in SQL."""
    same = (str(one) for one in frame.columns if str(one).casefold() == column.casefold())
    return next(same, None)


def no_column(name: str, frame: pd.DataFrame, column: str) -> str:
    """The clause which says that a cell has no such column, and which it has."""
    columns = [str(one) for one in frame.columns]
    if close := get_close_matches(column.casefold(), columns, 1):
        return f"{name} has no column {column}: did you mean {close[0]}?"
    return f"{name} has no column {column}: it has {listed(columns, MOST_NAMED)}"


def _in_row(name: str, frame: pd.DataFrame, column: str) -> Value:
    if len(frame) != 1:
        raise NoValue(f"{name} has {len(frame):,} rows, not one" if len(frame) else
                      f"{name} has no rows")  # fmt: skip
    found = column_of(frame, column)
    if found is None:
        raise NoValue(no_column(name, frame, column))
    value = frame[found].iloc[0]
    return Value(value, written(found, value))


def _of_control(result: CellResult, frame: pd.DataFrame, column: str) -> Value:
    """The value of a control; the values of a list as a phrase."""
    name = result.meaning.name
    if column_of(frame, column) is None:
        raise NoValue(no_column(name, frame, column))
    if frame.empty:
        raise NoValue(f"{name} has no value")
    texts = [written("value", value) for value in frame["value"]]
    return Value(frame["value"].iloc[0] if len(frame) == 1 else tuple(texts), listed(texts))


def _of_compared(frame: pd.DataFrame, number: str, part: str) -> Value | None:
    """One of OF_COMPARED of a number; None where there is no such number."""
    rows = frame[frame["number"].str.casefold() == number.casefold()]
    if rows.empty:
        return None
    value = rows[part.casefold()].iloc[0]
    apart = part.casefold() not in ("a", "b")
    write: Callable[[str, Scalar], str] = signed if apart else written
    return Value(value, write(number, value))


def _changed(result: CellResult, frame: pd.DataFrame, column: str) -> Value:
    """How far a number is from that of the period before: a share of a count, points of a rate."""
    if result.before is None:
        raise NoValue(result.no_before.rstrip(".") or "no period before")
    now = _in_row(result.meaning.name, frame, column).value
    before = _in_row(result.meaning.name, result.before, column).value
    if not is_number(now) or not is_number(before):
        raise NoValue(f"{column} has no value in both periods")
    if is_rate(column):
        return Value(now - before, signed(column, now - before))
    if not before:
        raise NoValue(f"{column} is 0 in the period before")
    return Value((now - before) / before, f"{_rounded((now - before) / before):+.1%}")


def _rounded(share: float) -> float:
    return round(share, 3) or 0.0  # never -0.0
