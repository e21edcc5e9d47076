"""The kinds of a table's columns: how their values are written for people."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import numpy as np
import pandas as pd

from queries.notebooks.written import MISSING, Scalar, is_missing, is_number, is_rate, written
from queries.text import moment

TEXT, COUNT, RATE, DECIMAL, TIME, POINTS, MORE, ROW, ROW_APART = (
    *("text", "count", "rate", "decimal", "time", "points", "more", "row", "row apart"),
)
# ROW: rates are the fractions and counts the whole numbers of one column, as where each row is
# another number; ROW_APART: the differences of such.
NUMBERS = (COUNT, RATE, DECIMAL, POINTS, MORE, ROW, ROW_APART)
Kinds = Mapping[str, str]


def kinds_of_rows(frame: pd.DataFrame) -> dict[str, str]:
    """The kinds of a query's columns, by their types; of fractions by their names too."""
    return {str(name): _kind(str(name), frame[name]) for name in frame.columns}


def text_of(kind: str, value: Scalar) -> str:
    """A value for people: 12,345; 34.5%; 1.50; +1.2 points; 10 Jan 2016, 21:57."""
    if is_missing(value):
        return MISSING
    if is_number(value):
        return _number(kind, value)
    if kind == TIME and isinstance(value, datetime):
        return moment(value)
    return written("", value)


def _number(kind: str, value: Scalar) -> str:
    if kind in (ROW, ROW_APART):
        is_count = isinstance(value, int | np.integer)
        kind = {ROW: (RATE, COUNT), ROW_APART: (POINTS, MORE)}[kind][is_count]
    number = float(value)
    if kind == RATE:
        return f"{number:.1%}"
    if kind == POINTS:
        return f"{round(number * 100, 1) or 0.0:+.1f} points"
    if kind == MORE:
        return f"{number:+,.0f}" if number else "0"
    return f"{number:,.2f}" if kind == DECIMAL else f"{number:,.0f}"


def _kind(name: str, column: pd.Series) -> str:
    values = [value for value in column if not is_missing(value)]
    if values and all(is_number(value) for value in values):
        if is_rate(name):
            return RATE
        is_whole = all(float(value).is_integer() for value in values)
        return COUNT if is_whole and not isinstance(values[0], Decimal) else DECIMAL
    days = [value for value in values if isinstance(value, datetime)]
    if days and len(days) == len(values):
        return TIME if any(one.time() != datetime.min.time() for one in days) else TEXT
    return TEXT
