"""Alerts: a rule such as `cancellation_rate > 8%` of a cell, checked each time that it runs."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from queries.notebooks.meaning import Meaning
from queries.notebooks.result import CellResult
from queries.notebooks.values import NoValue, column_of, no_column, value_of
from queries.notebooks.written import Scalar, is_missing, is_number, number, written
from queries.text import day, listed, read_day

EXAMPLE = "Write it as “alert: cancellation_rate > 8%”, or “alert: rows > 0”."
ROWS = "rows"  # how many rows a cell has, where it has no column of that name
MOST_NAMED = 3
RULE = re.compile(r"\s*([A-Za-z_]\w*)\s*(>=|<=|!=|=|>|<)\s*(\S(?:.*\S)?)\s*")
NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(%?)", re.ASCII)
COMPARED: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    ">": (operator.gt, "above"),
    ">=": (operator.ge, "at or above"),
    "<": (operator.lt, "below"),
    "<=": (operator.le, "at or below"),
    "=": (operator.eq, "equal to"),
    "!=": (operator.ne, "not"),
}
# Columns of our queries that name a row, and hold no code.
NAMES = ("name", "number", "site", "group_name", "folder", "batch", "status")

Limit = float | date


class NotARule(Exception):
    """The rule cannot be read or checked; the text is a sentence, with an example."""


@dataclass(frozen=True)
class Rule:
    """A column, one of COMPARED, and the limit: also as it is written."""

    column: str
    sign: str
    limit: Limit
    written: str

    def holds(self, value: Scalar) -> bool:
        """Whether a value is one to be told of; a missing one never is. Raises NotARule."""
        if is_missing(value):
            return False
        if isinstance(self.limit, date):
            if not isinstance(value, date):
                raise NotARule(f"The alert compares {self.column} with a day, and it has none.")
            value = value.date() if isinstance(value, datetime) else value
        elif not is_number(value):
            raise NotARule(f"The alert compares {self.column} with a number, and it has none.")
        return bool(COMPARED[self.sign][0](value, self.limit))

    def shown(self, value: Scalar) -> str:
        """A value as the limit is written: in percent where that is."""
        if not self.written.endswith("%"):
            return written(self.column, value)
        share = float(value)
        is_close = f"{share:.1%}" == f"{self.limit:.1%}" and share != self.limit
        return f"{share:.3%}" if is_close else number("rate", share)


def read_rule(text: str) -> Rule:
    """The rule of a text. Raises NotARule."""
    parts = RULE.fullmatch(text)
    limit = _limit(parts[3]) if parts else None
    if parts is None or limit is None:
        raise NotARule(f"An alert is a column, a comparison and a number or a day. {EXAMPLE}")
    shown = day(limit) if isinstance(limit, date) else parts[3].replace(" ", "")
    return Rule(parts[1], parts[2], limit, shown)


def rules_of(meaning: Meaning) -> list[Rule]:
    """The rules of a cell. Raises NotARule."""
    return [read_rule(text) for text in meaning.keys.texts_of("alert")]


def fired(rule: Rule, result: CellResult, frame: pd.DataFrame) -> str:
    """What an alert says of the whole rows of a result; nothing where it is quiet.

    Raises NotARule where it cannot be checked.
    """
    name = result.meaning.name
    limit = f"{COMPARED[rule.sign][1]} {rule.written}"
    column = column_of(frame, rule.column)
    if column is None:
        return _of_one_value(rule, result, limit)
    if len(frame) < result.row_count:
        raise NotARule(
            f"The alert of {name} sees {len(frame):,} of {result.row_count:,} rows: have the cell "
            "give fewer."
        )
    places = [n for n, value in enumerate(frame[column]) if rule.holds(value)]
    if not places:
        return ""
    if len(frame) == 1:
        return f"{name}: {column} is {rule.shown(frame[column].iloc[0])}, {limit}"
    labels = [_label(result, frame, place) for place in places]
    which = [f"{label} ({rule.shown(frame[column].iloc[place])})"
             for label, place in zip(labels, places, strict=True)]  # fmt: skip
    rows = f"{len(places):,} of {len(frame):,} rows"
    return f"{name}: {column} is {limit} in {rows}: {listed(which, MOST_NAMED)}"


def _of_one_value(rule: Rule, result: CellResult, limit: str) -> str:
    name, frame = result.meaning.name, result.frame
    try:
        value = value_of(result, rule.column)
    except NoValue as error:
        if rule.column.casefold() == ROWS:
            count = result.row_count
            words = f"{count:,} row{'' if count == 1 else 's'}"
            return f"{name}: {words}, {limit}" if rule.holds(count) else ""
        is_one = frame is None or len(frame) == 1
        why = str(error) if is_one or frame is None else no_column(name, frame, rule.column)
        raise NotARule(f"The alert of {name} cannot be checked: {why}. {EXAMPLE}") from None
    return f"{name}: {rule.column} is {value.text}, {limit}" if rule.holds(value.value) else ""


def _limit(text: str) -> Limit | None:
    if found := NUMBER.fullmatch(text):
        plain = Decimal(found[1].replace(",", ""))
        return float(plain / 100 if found[2] else plain)
    return read_day(text)


def _label(result: CellResult, frame: pd.DataFrame, place: int) -> str:
    """What tells a row from the others, and is never a code: a name of ours, a day, its number."""
    of_sql = result.meaning.cell.kind == "sql"
    for column in frame.columns:
        value = frame[column].iloc[place]
        if isinstance(value, date) or (column in NAMES and not of_sql):
            return written(column, value)
    return f"row {place + 1:,}"
