"""A page of rows that are sorted by one of their columns, from wherever it is nearer."""

import duckdb
import pandas as pd

PAGE = 50  # rows
DEEP = 10_000  # rows before a page, from which on it is looked for without its other columns
# What tells rows apart that sort alike: a code by its ID; a redemption by its ID or, where only
# a codes file knows of it, by its code's.
TIES = ("tie", "second_tie")


def page(
    rows: duckdb.DuckDBPyRelation, sort: str, descending: bool, offset: int, of: int
) -> pd.DataFrame:
    """The rows from `offset` on, a page at most, of `of` in all. One row per row of the page."""
    if sort not in rows.columns:
        raise ValueError(f"There is no column {sort} to sort by.")
    size = max(0, min(PAGE, of - offset))
    backwards = offset > of // 2
    start = of - offset - size if backwards else offset
    order = _order(sort, descending, backwards)
    if start > DEEP:
        rows = _only(rows, rows.select(*{sort, *TIES}).sort(*order).limit(size, start))
        start = 0
    wanted = rows.sort(*order).limit(size, start)
    found: pd.DataFrame = wanted.select(duckdb.StarExpression(exclude=TIES)).df()
    return found[::-1].reset_index(drop=True) if backwards else found


def _order(sort: str, descending: bool, backwards: bool) -> list[duckdb.Expression]:
    """Plain columns, which the engine sorts by at once; what is missing comes last."""
    ordered = []
    for name in (sort, *TIES):
        key = duckdb.ColumnExpression(name)
        falls = (descending and name == sort) != backwards
        key = key.desc() if falls else key.asc()
        ordered.append(key.nulls_first() if backwards else key.nulls_last())
    return ordered


def _only(rows: duckdb.DuckDBPyRelation, these: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Those rows that have the ties of these."""
    ties = these.select(*TIES).fetchall()
    first, second = (duckdb.ColumnExpression(name) for name in TIES)
    nothing = duckdb.ConstantExpression(None)  # isin() wants something, and null is in no list
    known = [duckdb.ConstantExpression(tie) for tie, _ in ties if tie is not None]
    found = first.isin(nothing, *known)
    if len(known) == len(ties):
        return rows.filter(found)
    others = [duckdb.ConstantExpression(tie) for missing, tie in ties if missing is None]
    return rows.filter(found | (first.isnull() & second.isin(*others)))
