"""Names each common table of a query apart, and the tables of the store as the cluster has them."""

from collections.abc import Callable, Mapping
from itertools import count

from sqlglot import exp

STORE = "vouchers"


def name_apart(query: exp.Expr, table: Callable[[str], str]) -> None:
    """Give each common table a name of its own, and leave out those that nothing reads.

    Engines differ in which of two common tables of one name is meant in a query within a query.
    `table` has the cluster's name for each other table: "vouchers.codes", or "list_lines".
    """
    numbers = count(1)
    _prune(query)
    _visit(query, {}, table, numbers)


def _visit(
    node: exp.Expr,
    names: Mapping[str, str],
    table: Callable[[str], str],
    numbers: "count[int]",
) -> None:
    with_ = node.args.get("with_")
    if with_ is not None:
        names = dict(names)
        for cte in with_.expressions:
            new = f"{cte.alias}_{next(numbers)}"
            if with_.recursive:
                names[cte.alias] = new
            _visit(cte.this, names, table, numbers)
            names[cte.alias] = new
            cte.args["alias"].set("this", exp.to_identifier(new))
    if isinstance(node, exp.Table):
        _rename(node, names, table)
    for inner in node.iter_expressions():
        if inner is not with_:
            _visit(inner, names, table, numbers)


def _rename(node: exp.Table, names: Mapping[str, str], table: Callable[[str], str]) -> None:
    old = node.name
    if not node.db and old in names:
        new = names[old]
    else:
        new = table(f"{node.db}.{old}" if node.db else old)
    if not node.alias:
        node.set("alias", exp.TableAlias(this=exp.to_identifier(old)))
    node.set("this", exp.to_identifier(new))
    node.set("db", None)


def _prune(query: exp.Expr) -> None:
    """Leave out common tables that nothing reads. The outermost ones come first."""
    for with_ in list(query.find_all(exp.With, bfs=True)):
        while with_.expressions:
            owner = with_.parent
            assert owner is not None
            read = {found.name for found in owner.find_all(exp.Table) if not found.db}
            left = [cte for cte in with_.expressions if cte.alias in read]
            if len(left) == len(with_.expressions):
                break
            with_.set("expressions", left)
        if not with_.expressions:
            with_.pop()
