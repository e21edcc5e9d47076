"""A page of sorted rows, counted from the nearer end of them, or of the step that has it."""

from collections.abc import Sequence
from typing import NamedTuple

import duckdb
import pandas as pd
from duckdb.sqltypes import DuckDBPyType

PAGE = 50  # rows
DEEP = 10_000  # rows before a page; after so many, it is found by its sort and tie columns first
DEEPER = 60_000  # of one value; after so many, it is found by how many rows each part of IDs has
PART = 100_000  # IDs
CODES = ("code", "parent_code", "near_code")  # columns by which nobody sorts who sees them masked
# The order of rows that sort alike: codes by their ID; redemptions by theirs or, where only a
# codes file knows of them, by that of their code.
TIES = ("tie", "second_tie")
Value = str | int | None  # of a column: a moment as microseconds since 1970; None: it is missing


class Step(NamedTuple):
    """Rows whose values of the sort column lie from `first` to `last`."""

    first: Value
    last: Value
    rows: int

    def is_one_value(self) -> bool:
        """Whether all its rows have the same value."""
        return self.first == self.last


def page(
    rows: duckdb.DuckDBPyRelation,
    sort: str,
    descending: bool,
    offset: int,
    of: int | None,
    steps: Sequence[Step] = (),
) -> pd.DataFrame:
    """At most PAGE of the `of` rows, from `offset` on. One row per row of the page.

    Where `of` is None, their number is not known, and they are counted from the front. `steps`
    are all rows by the values of `sort`, ascending, those without a value last: with them only
    the rows of the page's own step are sorted. Raises ValueError where there is no such column.
    """
    check_sort(sort, rows.columns)
    pieces = _pieces(_in_order(steps, descending), offset)
    if not pieces:  # no steps, or a page beyond the last row
        return _cut(rows, sort, descending, offset, of)
    frames = [_of_steps(rows, these, sort, descending, start) for these, start in pieces]
    return pd.concat(frames, ignore_index=True)[:PAGE]


def cut(offset: int, of: int | None) -> tuple[int, int, bool]:
    """How many rows of the page to take, after how many, and whether from the end backwards."""
    if of is None:
        return PAGE, offset, False
    size = max(0, min(PAGE, of - offset))
    backwards = offset > of // 2
    return size, max(0, of - offset - size) if backwards else offset, backwards


def check_sort(sort: str, columns: Sequence[str]) -> None:
    """Raise ValueError where there is no column to sort by."""
    if sort not in columns:
        raise ValueError(f"There is no column {sort} to sort by.")


def order_by(sort: str, descending: bool, backwards: bool) -> str:
    """SQL of plain columns, which the engine sorts by fastest; missing values come last."""
    ordered = []
    for name in (sort, *TIES):
        is_down = (descending and name == sort) != backwards
        way, missing = "desc" if is_down else "asc", "first" if backwards else "last"
        ordered.append(f"{duckdb.ColumnExpression(name)} {way} nulls {missing}")
    return ", ".join(ordered)


def shown(found: pd.DataFrame, backwards: bool) -> pd.DataFrame:
    """The rows as they are shown, of which those of the end came backwards."""
    frame = found.drop(columns=[*TIES])
    return frame[::-1].reset_index(drop=True) if backwards else frame


def _of_steps(
    rows: duckdb.DuckDBPyRelation, steps: Sequence[Step], sort: str, descending: bool, offset: int
) -> pd.DataFrame:
    """At most PAGE of the rows of neighbouring steps, from `offset` on."""
    of = sum(step.rows for step in steps)
    inside = rows.filter(_lies_in(steps, sort, rows.types[rows.columns.index(sort)]))
    if len(steps) > 1 or not steps[0].is_one_value():
        return _cut(inside, sort, descending, offset, of)
    is_deeper = min(offset, of - offset) > DEEPER
    parts = _parts(inside) if is_deeper and sort != TIES[0] and _has_ids(rows) else []
    return page(inside, TIES[0], False, offset, of, parts)


def _cut(
    rows: duckdb.DuckDBPyRelation, sort: str, descending: bool, offset: int, of: int | None
) -> pd.DataFrame:
    size, start, backwards = cut(offset, of)
    order = order_by(sort, descending, backwards)
    if start > DEEP:
        rows = _only(rows, rows.select(*{sort, *TIES}).order(order).limit(size, start))
        start = 0
    return shown(rows.order(order).limit(size, start).df(), backwards)


def _in_order(steps: Sequence[Step], descending: bool) -> list[Step]:
    if not descending:
        return list(steps)
    missing = [step for step in steps if step.first is None]
    return [step for step in reversed(steps) if step.first is not None] + missing


def _pieces(steps: Sequence[Step], offset: int) -> list[tuple[list[Step], int]]:
    """The steps of a page, and after how many of their rows it begins.

    The first one is a piece of its own: its last rows are counted from its end, those of the
    others from their start.
    """
    end = 0
    for place, step in enumerate(steps):
        begin, end = end, end + step.rows
        if offset < end:
            pieces = [([step], offset - begin)]
            rest = _until(steps[place + 1 :], offset + PAGE - end)
            return [*pieces, (rest, 0)] if rest else pieces
    return []


def _until(steps: Sequence[Step], rows: int) -> list[Step]:
    """As many of the first steps as hold so many rows."""
    taken: list[Step] = []
    for step in steps:
        if rows <= 0:
            break
        taken.append(step)
        rows -= step.rows
    return taken


def _lies_in(steps: Sequence[Step], sort: str, type_: DuckDBPyType) -> duckdb.Expression:
    """Whether a row is of one of these neighbouring steps."""
    column = duckdb.ColumnExpression(sort)
    ends = [end for step in steps for end in (step.first, step.last) if end is not None]
    if not ends:
        return column.isnull()
    lowest, highest = (_constant(end, type_) for end in (min(ends), max(ends)))
    inside = column == lowest if min(ends) == max(ends) else column.between(lowest, highest)
    is_missing = any(step.first is None for step in steps)
    return inside | column.isnull() if is_missing else inside


def _constant(value: Value, type_: DuckDBPyType) -> duckdb.Expression:
    constant = duckdb.ConstantExpression(value)
    if str(type_) == "TIMESTAMP":
        return duckdb.FunctionExpression("make_timestamp", constant)
    return constant.cast(type_)


def _has_ids(rows: duckdb.DuckDBPyRelation) -> bool:
    """Whether rows that sort alike follow a number that each has."""
    return str(rows.types[rows.columns.index(TIES[0])]) == "BIGINT"


def _parts(rows: duckdb.DuckDBPyRelation) -> list[Step]:
    """How many of the rows have each part of the IDs."""
    part = f"{TIES[0]} // {PART}"
    found = rows.aggregate(f"{part} as part, count(*) as rows", part).order("part").fetchall()
    return [Step(number * PART, (number + 1) * PART - 1, count) for number, count in found]


def _only(rows: duckdb.DuckDBPyRelation, these: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Those of the rows that have the same ties as one of `these`."""
    ties = these.select(*TIES).fetchall()
    first, second = (duckdb.ColumnExpression(name) for name in TIES)
    null = duckdb.ConstantExpression(None)  # isin() needs an argument, and null equals nothing
    ids = [duckdb.ConstantExpression(tie) for tie, _ in ties if tie is not None]
    has_id = first.isin(null, *ids)
    if len(ids) == len(ties):
        return rows.filter(has_id)
    others = [duckdb.ConstantExpression(tie) for missing, tie in ties if missing is None]
    return rows.filter(has_id | (first.isnull() & second.isin(*others)))
