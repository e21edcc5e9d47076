"""A page of sorted rows, counted from the nearer end."""

import duckdb
import pandas as pd

PAGE = 50  # rows
DEEP = 10_000  # rows before a page; after so many, it is found by its sort and tie columns first
CODES = ("code", "parent_code", "near_code")  # columns by which nobody sorts who sees them masked
# The order of rows that sort alike: codes by their ID; redemptions by theirs or, where only a
# codes file knows of them, by that of their code.
TIES = ("tie", "second_tie")


def page(
    rows: duckdb.DuckDBPyRelation, sort: str, descending: bool, offset: int, of: int | None
) -> pd.DataFrame:
    """At most PAGE of the `of` rows, from `offset` on. One row per row of the page.

    Where `of` is None, their number is not known, and they are counted from the front.
    """
    if sort not in rows.columns:
        raise ValueError(f"There is no column {sort} to sort by.")
    size, start, backwards = cut(offset, of)
    order = _order(sort, descending, backwards)
    if start > DEEP:
        rows = _only(rows, rows.select(*{sort, *TIES}).sort(*order).limit(size, start))
        start = 0
    found = rows.sort(*order).limit(size, start)
    frame: pd.DataFrame = found.select(duckdb.StarExpression(exclude=TIES)).df()
    return frame[::-1].reset_index(drop=True) if backwards else frame


def cut(offset: int, of: int | None) -> tuple[int, int, bool]:
    """How many rows of the page to take, after how many, and whether from the end backwards."""
    if of is None:
        return PAGE, offset, False
    size = max(0, min(PAGE, of - offset))
    backwards = offset > of // 2
    return size, of - offset - size if backwards else offset, backwards


def _order(sort: str, descending: bool, backwards: bool) -> list[duckdb.Expression]:
    """Plain columns, which the engine sorts by fastest; missing values come last."""
    ordered = []
    for name in (sort, *TIES):
        key = duckdb.ColumnExpression(name)
        is_down = (descending and name == sort) != backwards
        key = key.desc() if is_down else key.asc()
        ordered.append(key.nulls_first() if backwards else key.nulls_last())
    return ordered


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
