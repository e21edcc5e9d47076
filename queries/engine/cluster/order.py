"""Puts a query's rows into the order of the store, which a cluster does not keep by itself."""

from sqlglot import exp

POSITION = "position"  # the last column of the files: the place of a row in the store
OF_FILES = ("codes", "transactions")
AFTER = 10**15  # more than there are rows: DuckDB has the second part of a union after the first


class NoOrder(ValueError):
    """The rows of a query are not those of one table of the store each."""


def in_order_of_store(query: exp.Expr) -> exp.Select:
    """The query with its rows in the order of the store. Changes it. Raises NoOrder."""
    _carry(query, query, set())
    if isinstance(query, exp.Select) and query.args.get("limit"):
        query.order_by(exp.column(POSITION), copy=False)
    star = exp.Star(except_=[exp.to_identifier(POSITION)])
    placed = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("placed")))
    return exp.select(star).from_(placed).order_by(exp.column(POSITION))


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
