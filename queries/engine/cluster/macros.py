"""The macros of data/store/macros/ as trees, for engines that do not know them."""

from functools import cache
from typing import NamedTuple

import sqlglot
from sqlglot import exp

from queries.engine.read_only import FOLDER, MACROS

DIALECT = "duckdb"


class Macro(NamedTuple):
    """One macro: its parameters in their order, and what stands for a call of it."""

    parameters: tuple[str, ...]
    body: exp.Expr  # copy it before changing it


@cache
def macros() -> dict[str, Macro]:
    """All macros by their names, scalar ones and tables."""
    found = {}
    for name in MACROS:
        for statement in sqlglot.parse((FOLDER / f"{name}.sql").read_text("utf-8"), read=DIALECT):
            if isinstance(statement, exp.Create) and statement.kind == "MACRO":
                header = statement.this
                parameters = tuple(parameter.name for parameter in header.expressions)
                found[header.this.name] = Macro(parameters, statement.expression)
    return found
