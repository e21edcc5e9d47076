"""Which columns a query has, where it names them with stars."""

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

Tables = Mapping[str, list[str]]  # the columns of tables that are not common tables of the query


def write_out(query: exp.Expr, tables: Tables) -> None:
    """Name the columns where a star leaves out or replaces some, which few engines know."""
    for star in list(query.find_all(exp.Star)):
        holder = star.parent if isinstance(star.parent, exp.Column) else star
        select = holder.parent
        if not isinstance(select, exp.Select) or not _is_changed(star):
            continue
        written: list[exp.Expr] = []
        for one in select.expressions:
            written += _written(one, select, tables) if one is holder else [one]
        select.set("expressions", written)


def _is_changed(star: exp.Star) -> bool:
    return bool(star.args.get("except_") or star.args.get("replace"))


def _written(one: exp.Expr, select: exp.Select, tables: Tables) -> Iterator[exp.Expr]:
    star = one.this if isinstance(one, exp.Column) else one
    replaced = {each.alias: each for each in star.args.get("replace") or []}
    for source, name in _named(one, select, tables):
        yield replaced.get(name) or exp.column(name, table=source.alias_or_name, quoted=True)


def columns_of(query: exp.Expr, tables: Tables) -> list[str]:
    """The names of a query's columns, in their order."""
    if isinstance(query, exp.Subquery):
        return columns_of(query.this, tables)
    if isinstance(query, exp.SetOperation):
        return columns_of(query.left, tables)
    assert isinstance(query, exp.Select)
    names: list[str] = []
    for one in query.expressions:
        star = one.this if isinstance(one, exp.Column) else one
        if isinstance(star, exp.Star):
            names += [name for _, name in _named(one, query, tables)]
        else:
            names.append(one.alias_or_name)
    return names


def source_columns(select: exp.Select, tables: Tables) -> set[str]:
    """The names of all columns that a select can read."""
    return {name for source, _ in _sources(select) for name in _of_source(source, tables)}


def _named(one: exp.Expr, select: exp.Select, tables: Tables) -> Iterator[tuple[exp.Expr, str]]:
    """What a star stands for: each source and the name of its column. Joined ones come once."""
    star = one.this if isinstance(one, exp.Column) else one
    left_out = {each.name for each in star.args.get("except_") or []}
    of = one.table if isinstance(one, exp.Column) else ""
    for source, joined in _sources(select):
        for name in _of_source(source, tables):
            is_meant = of == source.alias_or_name or (not of and name not in joined)
            if is_meant and name not in left_out:
                yield source, name


def _sources(select: exp.Select) -> Iterator[tuple[exp.Expr, Sequence[str]]]:
    """What a select reads, and the columns by which it is joined to what comes before."""
    yield select.args["from_"].this, ()
    for join in select.args.get("joins") or []:
        if join.kind not in ("SEMI", "ANTI"):
            yield join.this, [name.name for name in join.args.get("using") or []]


def _of_source(source: exp.Expr, tables: Tables) -> list[str]:
    if isinstance(source, exp.Subquery):
        return columns_of(source.this, tables)
    inner: exp.Expr | None = source
    while inner is not None:
        with_ = inner.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            if cte.alias == source.name:
                return columns_of(cte.this, tables)
        inner = inner.parent
    return tables[source.name]
