"""Puts a query's rows into the order of the store, which a cluster does not keep by itself."""

from collections.abc import Sequence

from sqlglot import exp

POSITION = "position"  # the last column of the files: the place of a row in the store
OF_FILES = ("codes", "transactions")
AFTER = 10**15  # more than there are rows: DuckDB has the second part of a union after the first


class NoOrder(ValueError):
    """The rows of a query are not those of one table of the store each."""


def in_order_of_store(query: exp.Expr) -> exp.Select:
    """The query with its rows in the order that they have in DuckDB. Changes it. Raises NoOrder.

    That is the order of the store, unless a part of the query has sorted them.
    """
    if own := _own_order(query):
        return _sorted(exp.Star(), query, own)
    _carry(query, query, set())
    if isinstance(query, exp.Select) and query.args.get("limit"):
        query.order_by(exp.column(POSITION), copy=False)
    star = exp.Star(except_=[exp.to_identifier(POSITION)])
    return _sorted(star, query, [exp.column(POSITION)])


def _sorted(columns: exp.Expr, query: exp.Expr, order: Sequence[exp.Expr]) -> exp.Select:
    placed = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("placed")))
    return exp.select(columns).from_(placed).order_by(*order)


def _own_order(query: exp.Expr) -> list[exp.Expr]:
    """The order of a query within, taken out of it, by which the whole one is to be sorted.

    Nothing where there is none, or where its columns are not among those of the whole query.
    """
    around: list[exp.Select] = []
    inner: exp.Expr | None = query
    while isinstance(inner, exp.Select):
        order = inner.args.get("order")
        if order and not inner.args.get("limit"):
            names = {column.name for column in order.find_all(exp.Column)}
            if not all(_hands_on(select, names) for select in around):
                return []
            return list(order.pop().expressions)
        around.append(inner)
        inner = _read_first(inner)
    return []


def _read_first(select: exp.Select) -> exp.Expr | None:
    """The query of whose rows those of a select are made; None where that is a table."""
    source = select.args["from_"].this if select.args.get("from_") else None
    if isinstance(source, exp.Subquery):
        return source.unnest()
    common = _common_table(source) if source else None
    return common.this if common else None


def _hands_on(select: exp.Select, names: set[str]) -> bool:
    """Whether a select has all columns of these names that what it reads has."""
    star = _star(select)
    left_out = {one.name for one in star.args.get("except_") or ()} if star else set()
    listed = {one.name for one in select.expressions if isinstance(one, exp.Column)}
    return not names & left_out if star else names <= listed


def _carry(query: exp.Expr, root: exp.Expr, done: set[int]) -> None:
    """Let the query have the position of each row as a further column."""
    if id(query) in done:
        return
    done.add(id(query))
    if isinstance(query, exp.Subquery):
        _carry(query.this, root, done)
    elif isinstance(query, exp.Union) and not query.args.get("distinct"):
        _carry(query.left, root, done)
        _carry(query.right, root, done)
        _put_after(query.right)
    elif isinstance(query, exp.Select):
        _carry_in_select(query, root, done)
    else:
        raise NoOrder


def _carry_in_select(select: exp.Select, root: exp.Expr, done: set[int]) -> None:
    if select.args.get("distinct") or select.args.get("group") or not select.args.get("from_"):
        raise NoOrder
    source = select.args["from_"].this
    if isinstance(source, exp.Subquery):
        _carry(source.this, root, done)
    elif (common := _common_table(source)) is not None:
        _carry(common.this, root, done)
    elif source.db and source.name not in OF_FILES:
        select.select(exp.alias_(exp.Literal.number(0), POSITION), copy=False)
        return
    if _star(select) is None:
        select.select(exp.column(POSITION, table=source.alias_or_name), copy=False)


def _put_after(query: exp.Expr) -> None:
    """Let the rows of the second part of a union come after those of the first."""
    select = query.unnest()
    if not isinstance(select, exp.Select):
        raise NoOrder
    star, last = _star(select), select.expressions[-1].unalias()
    if star is not None:
        last = exp.column(POSITION, table=select.args["from_"].this.alias_or_name)
    later = exp.alias_(last.copy() + exp.Literal.number(AFTER), POSITION)
    if star is not None:
        star.set("replace", [*(star.args.get("replace") or []), later])
    else:
        select.expressions[-1].replace(later)


def _star(select: exp.Select) -> exp.Star | None:
    """The star by which a select has all columns of what it reads first."""
    name = select.args["from_"].this.alias_or_name
    for one in select.expressions:
        of = one.table if isinstance(one, exp.Column) else ""
        star = one.this if isinstance(one, exp.Column) else one
        if isinstance(star, exp.Star) and of in ("", name):
            return star
    return None


def _common_table(source: exp.Expr) -> exp.CTE | None:
    """The common table that a source names, of the nearest query around it."""
    inner: exp.Expr | None = source
    while inner is not None:
        with_ = inner.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            if cte.alias == source.name:
                return cte
        inner = inner.parent
    return None
