"""Writes out what a select calls by a name that it gives itself, which DuckDB allows anywhere."""

from sqlglot import exp

from queries.engine.cluster.columns import Tables, source_columns


def write_out(query: exp.Expr, tables: Tables) -> None:
    """Replace each use of a select's own alias, in it, by what the alias stands for."""
    for select in list(query.find_all(exp.Select)):
        if select.args.get("from_") is None:
            continue
        own = {one.alias: one.this for one in select.expressions if isinstance(one, exp.Alias)}
        if not own:
            continue
        known = source_columns(select, tables)
        places = [*select.expressions, select.args.get("where")]
        for place in filter(None, places):
            _replace(place, own, known)
        if (having := select.args.get("having")) is not None:
            _qualify(having, select.args["from_"].this.alias_or_name, own, known)


def _replace(place: exp.Expr, own: dict[str, exp.Expr], known: set[str]) -> None:
    for column in list(place.find_all(exp.Column)):
        is_own = not column.table and column.name in own and column.name not in known
        if is_own and column.find_ancestor(exp.Select) is place.find_ancestor(exp.Select):
            column.replace(exp.Paren(this=own[column.name].copy()))


def _qualify(having: exp.Expr, source: str, own: dict[str, exp.Expr], known: set[str]) -> None:
    """Say that a column is meant, where it has the name of an alias."""
    for column in having.find_all(exp.Column):
        if not column.table and column.name in own and column.name in known:
            column.set("table", exp.to_identifier(source))
