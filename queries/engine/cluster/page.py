"""A page of sorted rows as a query, cut as queries/engine/paging.py cuts it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlglot import exp

from queries.engine.paging import CODES, TIES, cut


class Page(NamedTuple):
    """Which page is wanted, as paging.page() takes it."""

    sort: str
    descending: bool
    offset: int
    of: int | None


def page_of(values: Mapping[str, Any], masked: bool) -> Page | None:
    """The page that the values of a query ask for; None where they ask for all rows."""
    if "sort" not in values:
        return None
    page = Page(*(values[field] for field in Page._fields))
    return page._replace(sort=TIES[0]) if masked and page.sort in CODES else page


def paged(query: exp.Expr, page: Page) -> exp.Expr:
    """The rows of the page, in their order."""
    size, start, backwards = cut(page.offset, page.of)
    rows = _select(exp.Star(), query, page, backwards).limit(size)
    if start:
        rows = rows.offset(start)
    without_ties = exp.Star(except_=[exp.to_identifier(tie) for tie in TIES])
    return _select(without_ties, rows, page, backwards=False)


def _select(columns: exp.Expr, query: exp.Expr, page: Page, backwards: bool) -> exp.Select:
    order = [
        exp.Ordered(
            this=exp.column(name),
            desc=(page.descending and name == page.sort) != backwards,
            nulls_first=backwards,
        )
        for name in (page.sort, *TIES)
    ]
    inner = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("sorted")))
    return exp.select(columns).from_(inner).order_by(*order)
