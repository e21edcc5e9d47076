"""Puts what they stand for in place of macros, and the table that is meant for query_table()."""

from collections.abc import Sequence

from sqlglot import exp

from queries.engine.cluster.constants import Parameters, settle
from queries.engine.cluster.macros import Macro, macros

NAMED_TABLE = "query_table"
SIMPLE = (exp.Column, exp.Placeholder, exp.Literal, exp.Paren, exp.Null, exp.Boolean, exp.Anonymous)


def expand(query: exp.Expr, parameters: Parameters) -> exp.Expr:
    """The query without macros. Parts that the parameters leave out are not expanded."""
    holder = exp.Subquery(this=query)
    _scalars(holder)
    settle(holder, parameters)
    _tables(holder, parameters)
    settle(holder, parameters)
    return holder.this


def _tables(tree: exp.Expr, parameters: Parameters) -> None:
    """Replace each table that is a macro by a query, and in it again."""
    for table in list(tree.find_all(exp.Table)):
        if isinstance(table.this, exp.Anonymous) and table.this.name == NAMED_TABLE:
            table.set("this", exp.to_identifier(_text(table.this.expressions[0], parameters)))
    for with_ in list(tree.find_all(exp.With)):
        _prune(with_)
    for table in list(tree.find_all(exp.Table)):
        call = table.this
        if not isinstance(call, exp.Anonymous) or not _is_attached(table, tree):
            continue
        holder = exp.Subquery(this=_substituted(macros()[call.name], call.expressions))
        _scalars(holder)
        settle(holder, parameters)
        _tables(holder, parameters)
        table.replace(_aliased(holder, table, call.name))


def _aliased(holder: exp.Subquery, table: exp.Table, name: str) -> exp.Subquery:
    alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name))
    holder.set("alias", alias.copy())
    for key in ("joins", "sample", "pivots"):
        if table.args.get(key):
            holder.set(key, table.args[key])
    return holder


def _is_attached(node: exp.Expr, tree: exp.Expr) -> bool:
    while node.parent is not None and node is not tree:
        node = node.parent
    return node is tree


def _text(expression: exp.Expr, parameters: Parameters) -> str:
    (evaluated,) = parameters.evaluate([expression])
    return str(evaluated.value)


def _prune(with_: exp.With) -> None:
    """Leave out common tables that nothing reads, by their names."""
    query = with_.parent
    assert query is not None
    while True:
        read = {
            found.name
            for part in (query, *with_.expressions)
            for found in part.find_all(exp.Table, exp.Literal)
        }
        left = [cte for cte in with_.expressions if cte.alias in read]
        if len(left) == len(with_.expressions):
            return
        if not left:
            with_.pop()
            return
        with_.set("expressions", left)


def _scalars(tree: exp.Expr) -> None:
    """Replace each call of a macro that is no table by what it stands for, and in that again."""
    for call in list(tree.find_all(exp.Anonymous)):
        if isinstance(call.parent, exp.Table) or call.name not in macros():
            continue
        if not _is_attached(call, tree):
            continue
        for argument in call.expressions:
            _scalars(argument)
        holder = exp.Paren(this=_substituted(macros()[call.name], call.expressions))
        _scalars(holder)
        call.replace(holder if not isinstance(holder.this, SIMPLE) else holder.this)


def _substituted(macro: Macro, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """The body of a macro with these arguments in it."""
    given = dict(zip(macro.parameters, arguments, strict=True))
    holder = exp.Paren(this=macro.body.copy())
    for column in list(holder.find_all(exp.Column)):
        if not column.table and column.name in given:
            argument = given[column.name].copy()
            simple = isinstance(argument, SIMPLE)
            column.replace(argument if simple else exp.Paren(this=argument))
    return holder.this
