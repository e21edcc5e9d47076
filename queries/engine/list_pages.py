"""A page of a list's rows: sorted where it is near an end of them, else found by their steps."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from queries.engine.execute import Cursor, relation, rows_by
from queries.engine.paging import check_sort, cut, order_by, page, shown
from queries.engine.steps import is_deep, steps_of

_columns: dict[str, list[str]] = {}  # of the lists that were sorted, by their names


def page_of(
    cursor: Cursor,
    name: str,
    given: Mapping[str, Any],
    where: Mapping[str, Any],
    *,
    by_totals: bool,
) -> pd.DataFrame:
    """At most PAGE rows of the list `name`. One row per row of the page.

    `given` are the values of its query, `where` is the page by `sort`, `descending`, `offset` and
    `of`; `by_totals` says whether totals tell the steps. Raises ValueError where there is no such
    column.
    """
    of_page = {**given, **where}
    if not by_totals and not is_deep(of_page):
        return _sorted(cursor, name, given, **where)
    rows = relation(cursor, name, **given)
    return page(rows, **where, steps=steps_of(cursor, name, rows, of_page, by_totals=by_totals))


def _sorted(
    cursor: Cursor,
    name: str,
    given: Mapping[str, Any],
    sort: str,
    descending: bool,
    offset: int,
    of: int | None,
) -> pd.DataFrame:
    """The same without steps, in one statement: each method of a relation plans it again."""
    if name not in _columns:
        _columns[name] = relation(cursor, name, **given).columns
    check_sort(sort, _columns[name])
    size, start, backwards = cut(offset, of)
    order = order_by(sort, descending, backwards)
    found = rows_by(cursor, name, f"order by {order} limit {size} offset {start}", **given)
    return shown(found.df(), backwards)
