"""Decides what in a query rests on no row, so that filters which are not in force vanish.

A text, a list or a moment becomes a parameter of the query, never a part of its text.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from sqlglot import exp

from queries.engine.cluster import local
from queries.engine.cluster.macros import DIALECT

OF_ROWS = (
    exp.Column,
    exp.Star,
    exp.Query,
    exp.Table,
    exp.AggFunc,
    exp.Window,
    exp.UDTF,
    exp.Explode,
    exp.Anonymous,  # it may be an aggregate
    exp.DataType,
)
LEAVES = (exp.Placeholder, exp.Literal, exp.Null, exp.Boolean)
NOTHING: Mapping[str, object] = {}
NO_TYPE = ('"NULL"', "INTEGER", "BOOLEAN")  # of a null that any column may have


class Parameters:
    """The values that a query was given here, and those that it gets on the cluster."""

    def __init__(self, given: Mapping[str, object], bound: Mapping[str, object] = NOTHING) -> None:
        self.given = dict(given)
        self.bound = dict(bound)

    def bind(self, value: object) -> exp.Placeholder:
        """A parameter with this value. Equal values share one."""
        for name, other in self.bound.items():
            if type(other) is type(value) and other == value:
                return exp.Placeholder(this=name)
        name = f"bound_{len(self.bound)}"
        self.bound[name] = value
        return exp.Placeholder(this=name)

    def is_bound(self, name: str) -> bool:
        """Whether a parameter is one of the cluster's."""
        return name in self.bound

    def value(self, name: str) -> object:
        """The value of a parameter, given or bound."""
        return self.bound[name] if name in self.bound else self.given[name]

    def evaluate(self, expressions: list[exp.Expr]) -> list[local.Evaluated]:
        """What the expressions are, which rest on no row."""
        return local.evaluate(expressions, self.given | self.bound) if expressions else []


def settle(tree: exp.Expr, parameters: Parameters) -> None:
    """Put values for all that no row decides, and leave out what is decided then."""
    while constants := list(_constants(tree, parameters)):
        for node, evaluated in zip(constants, parameters.evaluate(constants), strict=True):
            node.replace(_value(evaluated, parameters))
        for node in reversed(list(tree.walk())):
            _simplify(node)


def _constants(tree: exp.Expr, parameters: Parameters) -> Iterator[exp.Expr]:
    """The largest parts of the tree that no row decides, as far as they are not values already."""
    of_rows: set[int] = set()
    for node in tree.walk():
        if isinstance(node, OF_ROWS) or _is_of_lambda(node):
            inner: exp.Expr | None = node
            while inner is not None and id(inner) not in of_rows:
                of_rows.add(id(inner))
                inner = inner.parent
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if id(node) in of_rows or not _is_value(node):
            nodes += node.iter_expressions()
        elif _is_open(node, parameters):
            yield node


def _is_of_lambda(node: exp.Expr) -> bool:
    """Whether this is a lambda, or a use of one's variable."""
    if isinstance(node, exp.Lambda):
        return True
    is_name = isinstance(node, exp.Identifier) and not isinstance(node.parent, exp.Column)
    within = node.find_ancestor(exp.Lambda) if is_name else None
    return within is not None and any(node.name == name.name for name in within.expressions)


def _is_value(node: exp.Expr) -> bool:
    is_branch = isinstance(node, exp.If) and isinstance(node.parent, exp.Case)
    no_value = (exp.Alias, exp.PropertyEQ, exp.Interval, exp.Tuple, exp.Identifier, exp.Var)
    return isinstance(node, exp.Condition) and not is_branch and not isinstance(node, no_value)


def _is_open(node: exp.Expr, parameters: Parameters) -> bool:
    if isinstance(node, exp.Placeholder):  # a struct is only handed on to macros
        return not isinstance(parameters.value(node.name), Mapping) and not parameters.is_bound(
            node.name
        )
    if isinstance(node, LEAVES):
        return False
    if node.find(exp.Placeholder) is not None:
        return True
    return node.find(exp.Null, exp.Boolean) is not None


def _value(evaluated: local.Evaluated, parameters: Parameters) -> exp.Expr:
    value, type_ = evaluated
    if value is None:
        null = exp.Null()
        return null if type_ in NO_TYPE else exp.cast(null, type_, dialect=DIALECT)
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        return exp.Literal.number(value)
    if isinstance(value, date | str | list):  # a datetime is a date
        return parameters.bind(value)
    raise TypeError(f"No query has a parameter of type {type_}.")


def _simplify(node: exp.Expr) -> None:
    """Replace a node by the part that is left of it. The inner ones must be so already."""
    match node:
        case exp.Paren() if isinstance(node.this, (*LEAVES, exp.Column, exp.Paren)):
            node.replace(node.this)
        case exp.And() | exp.Or():
            _connect(node, isinstance(node, exp.And))
        case exp.Not(this=exp.Boolean()):
            node.replace(exp.Boolean(this=not node.this.this))
        case exp.If() if not isinstance(node.parent, exp.Case) and _is_decided(node.this):
            kept = node.args["true"] if _is(node.this, True) else node.args.get("false")
            node.replace(kept or exp.Null())
        case exp.Case() if node.this is None:
            _choose(node)
        case exp.Coalesce():
            _first(node)
        case exp.ArrayContains(this=exp.Null()):  # of which engines say that it has no type
            node.replace(exp.Null())
        case exp.Where(this=exp.Boolean(this=True)):
            node.pop()
        case exp.Union() if not node.args.get("distinct"):
            _without_empty(node)


def _connect(node: exp.Expr, is_and: bool) -> None:
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(one, exp.Boolean):
            node.replace(other if one.this is is_and else exp.Boolean(this=not is_and))
            return


def _without_empty(node: exp.Union) -> None:
    """Leave out the second part where it has no row, or the first, whose columns have the names."""
    if _is_empty(node.right):
        node.replace(node.left)
    elif _is_empty(node.left) and isinstance(node.right, exp.Select):
        names = [one.alias_or_name for one in node.left.unnest().expressions]
        renamed = [
            exp.alias_(one.unalias(), name)
            for one, name in zip(node.right.expressions, names, strict=True)
        ]
        if not any(one.find(exp.Star) for one in node.right.expressions):
            node.right.set("expressions", renamed)
            node.replace(node.right)


def _is_empty(query: exp.Expr) -> bool:
    """Whether a query has no row, whatever the rows are: it must not count them."""
    query = query.unnest()
    where = query.args.get("where")
    is_false = where is not None and _is_decided(where.this) and not _is(where.this, True)
    counts = any(one.find(exp.AggFunc) for one in query.expressions)
    return isinstance(query, exp.Select) and is_false and not counts


def _choose(node: exp.Expr) -> None:
    left: list[exp.Expr] = []
    for branch in node.args["ifs"]:
        if _is(branch.this, True):
            if not left:
                node.replace(branch.args["true"])
                return
            node.set("default", branch.args["true"])
            break
        if not _is_decided(branch.this):
            left.append(branch)
    if left:
        node.set("ifs", left)
    else:
        node.replace(node.args.get("default") or exp.Null())


def _first(node: exp.Expr) -> None:
    given = [one for one in (node.this, *node.expressions) if not isinstance(one, exp.Null)]
    values = (exp.Placeholder, exp.Literal, exp.Boolean)
    if len(given) == 1 or (given and isinstance(given[0], values)):
        node.replace(given[0])
    elif given:
        node.set("this", given[0])
        node.set("expressions", given[1:])


def _is_decided(condition: exp.Expr) -> bool:
    return isinstance(condition, exp.Boolean | exp.Null)


def _is(condition: exp.Expr, value: bool) -> bool:
    return isinstance(condition, exp.Boolean) and condition.this is value
