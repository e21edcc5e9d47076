"""Which rows of the store a cell reads, where a copy of all of them would be too large."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pyarrow as pa

from queries.engine.sandbox.cells import OWN_TABLES, Earlier, NotAllowed, SqlCell
from queries.engine.sandbox.sandbox import Sandbox
from queries.listed import NO_LIST

KINDS = dict(zip(OWN_TABLES, ("codes", "transactions"), strict=True))


class Choice(NamedTuple):
    """The rows of one table as one cell reads it (data/store/lake/slicing.py)."""

    kind: str
    filters: Mapping[str, object]
    listed: pa.Table | None = None


def choices_of(
    cell: SqlCell, earlier: Earlier, tables_of: Callable[[str], frozenset[str]]
) -> list[Choice]:
    """What the cell reads, and those of the earlier ones that it reads, each choice once.

    `tables_of` gives the tables and cells that SQL names, in lower case.
    """
    choices: list[Choice] = []
    wanted = {cell.name.lower()}
    for item in (cell, *reversed(earlier)):
        if isinstance(item, SqlCell) and item.name.lower() in wanted:
            named = tables_of(item.sql)
            wanted |= named
            choices += [one for one in _choices(item, named) if one not in choices]
    return choices


def tables_in(reader: Sandbox, sql: str) -> frozenset[str]:
    """The tables and cells that SQL names, in lower case: none where it is no query.

    Raises SqlError where that could not be found out.
    """
    try:
        return reader.names(sql).tables
    except NotAllowed:
        return frozenset()  # running it says why


def _choices(cell: SqlCell, named: frozenset[str]) -> list[Choice]:
    """The tables that a cell names itself. None where it fails, for its list is not there."""
    if cell.parameters.get("listed") not in (None, NO_LIST) and cell.listed is None:
        return []
    return [
        Choice(kind, cell.parameters, cell.listed)
        for table, kind in KINDS.items()
        if table in named
    ]
