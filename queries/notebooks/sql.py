"""What runs a notebook's SQL cells, seen from here: each with the earlier cells that it names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

MOST_READ = 100_000  # rows of an earlier cell that is no SQL


class NoSql(Exception):
    """The SQL of a cell is refused or did not finish; the text is a sentence for the analyst."""


@dataclass(frozen=True)
class SqlText:
    """An SQL cell, and the struct of its filter: Filters.parameters()."""

    name: str
    sql: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class SqlTable:
    """An earlier cell whose rows are there already: a chart, numbers or a control."""

    name: str
    rows: pd.DataFrame


Earlier = SqlText | SqlTable


@dataclass(frozen=True)
class SqlResult:
    """The first rows of an SQL cell, and how many there are."""

    rows: pd.DataFrame
    row_count: int


class Sql(Protocol):
    """Runs SQL cells over a copy of the data."""

    def is_current(self) -> bool:
        """Whether the copy still is of the data that the store has."""
        ...

    def names(self, sql: str) -> Sequence[str]:
        """The tables and cells that a cell reads. Raises NoSql."""
        ...

    def run(self, cell: SqlText, earlier: Sequence[Earlier]) -> SqlResult:
        """The rows of a cell, with the cells that it reads, in their order. Raises NoSql."""
        ...

    def compiled(self, cell: SqlText, earlier: Sequence[Earlier]) -> str:
        """The statement that is run."""
        ...


def all_read(names: Iterable[str], reads: Callable[[str], Iterable[str]]) -> set[str]:
    """The cells of these names and those that they read, directly or by others, in lower case.

    `reads` gives the names that the cell of a name in lower case reads directly.
    """
    wanted, known = list(names), set[str]()
    while wanted:
        name = wanted.pop().casefold()
        if name not in known:
            known.add(name)
            wanted += reads(name)
    return known


def require_few(table: SqlTable, reader: str) -> None:
    """Raise NoSql where an earlier cell has more rows than the cell `reader` can be given."""
    if len(table.rows) > MOST_READ:
        raise NoSql(
            f"{reader} reads {table.name}, whose {len(table.rows):,} rows are too many for SQL: "
            f"{MOST_READ:,} at most."
        )
