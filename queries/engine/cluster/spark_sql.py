"""Writes a query without macros as SQL of Spark, where that differs from DuckDB's."""

from datetime import date, datetime

from sqlglot import exp

from queries.engine.cluster import local
from queries.engine.cluster.constants import Parameters

DIALECT = "spark"
LISTS = (exp.ArrayFilter, exp.Array, exp.List, exp.ArrayDistinct)
MICROSECONDS = 1_000_000
MINUTE = exp.Var(this="MINUTE")
NAMES = {"strlen": "octet_length"}


def written(query: exp.Expr, parameters: Parameters) -> str:
    """The query as Spark's SQL. Changes it."""
    # Inner nodes first: what replaces a node holds them.
    for node in reversed(list(query.walk())):
        match node:
            case exp.CTE() if "materialized" in node.args:
                node.set("materialized", None)
            case exp.Anonymous() if node.name.lower() in NAMES:
                node.set("this", NAMES[node.name.lower()])
            case exp.Length() if isinstance(node.this.unnest(), LISTS):
                node.replace(exp.ArraySize(this=node.this))
            case exp.TimeToUnix() if isinstance(node.this, exp.Sub):
                node.replace(_seconds(node.this.left, node.this.right))
            case exp.PercentileCont():
                arguments = [node.this, node.expression]
                node.replace(exp.Anonymous(this="percentile", expressions=arguments))
            case exp.Group() if node.args.get("all"):
                node.set("all", None)
                node.set("expressions", _numbers(node, without_sums=True))
            case exp.Order() if node.expressions[0].this.name == "ALL":
                node.set("expressions", [exp.Ordered(this=n) for n in _numbers(node)])
            case exp.Trim() if node.expression is None:
                node.replace(exp.Anonymous(this="btrim", expressions=[node.this, _text(" ")]))
            case exp.Lower() | exp.Upper():
                _change_case(node, parameters)
            case exp.Anonymous() if node.name.lower() == "list_position":
                found = exp.Anonymous(this="array_position", expressions=node.expressions)
                node.replace(exp.Nullif(this=found, expression=exp.Literal.number(0)))
            case exp.Anonymous() if node.name.lower() == "to_minutes":
                node.replace(exp.Interval(this=_text(node.expressions[0].name), unit=MINUTE))
            case exp.Placeholder():
                _cast(node, parameters.value(node.name))
    sql: str = query.sql(DIALECT, comments=False, identify=True)
    return sql


def argument(value: object) -> object:
    """A parameter's value as the cluster takes it: its type is in the SQL."""
    return (
        value.isoformat(sep=" ")
        if isinstance(value, datetime)
        else (value.isoformat() if isinstance(value, date) else value)
    )


def _seconds(later: exp.Expr, earlier: exp.Expr) -> exp.Expr:
    """The seconds between two moments, as epoch() has them."""
    ends = [
        exp.Anonymous(this="unix_micros", expressions=[exp.cast(end, exp.DType.TIMESTAMPLTZ)])
        for end in (later, earlier)
    ]
    micros = exp.Paren(this=exp.Sub(this=ends[0], expression=ends[1]))
    return exp.Paren(this=exp.Div(this=micros, expression=exp.Literal.number(MICROSECONDS)))


def _numbers(node: exp.Expr, *, without_sums: bool = False) -> list[exp.Expr]:
    """The numbers of a select's columns, with or without those that aggregate."""
    select = node.parent
    assert isinstance(select, exp.Select)
    return [
        exp.Literal.number(number)
        for number, column in enumerate(select.expressions, start=1)
        if not (without_sums and column.find(exp.AggFunc))
    ]


def _change_case(node: exp.Expr, parameters: Parameters) -> None:
    """Letter by letter, as DuckDB: others make two letters of one, or look at the next letter."""
    text = node.this
    plain, other = (parameters.bind(letters) for letters in local.letters(node.key))
    is_plain = exp.EQ(
        this=exp.Anonymous(this="octet_length", expressions=[text.copy()]),
        expression=exp.Length(this=text.copy()),
    )
    translated = exp.Anonymous(this="translate", expressions=[text.copy(), plain, other])
    node.replace(exp.If(this=is_plain, true=node.copy(), false=translated))


def _text(text: str) -> exp.Literal:
    return exp.Literal.string(text)


def _cast(node: exp.Placeholder, value: object) -> None:
    if isinstance(value, list):
        node.replace(exp.cast(node.copy(), "array<string>", dialect=DIALECT))
    elif isinstance(value, datetime):
        node.replace(exp.cast(node.copy(), exp.DType.TIMESTAMPNTZ))
    elif isinstance(value, date):
        node.replace(exp.cast(node.copy(), exp.DType.DATE))
