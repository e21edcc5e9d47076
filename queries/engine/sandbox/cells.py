"""What a sandbox takes and gives: cells, results, and why there is none, in words of ours."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import pyarrow as pa

ROWS = 1_000  # of a result that is shown
BYTES = 1_000_000
OWN_TABLES = ("chosen_codes", "chosen_transactions")


class SqlCell(NamedTuple):
    """An analyst's SQL under its name, with the struct of Filters.parameters() that chooses rows.

    `listed` are the codes of a list that the filter names, one column `code`.
    """

    name: str
    sql: str
    parameters: dict[str, object]
    listed: pa.Table | None = None


class Rows(NamedTuple):
    """A table that later cells read by its name: a chart's result, a control's value."""

    name: str
    table: pa.Table


Earlier = Sequence[SqlCell | Rows]


class Names(NamedTuple):
    """What a cell names, in lower case: tables and other cells, and columns."""

    tables: frozenset[str]
    columns: frozenset[str]


class SqlRows(NamedTuple):
    """Some rows of a result, how many it has in all, and its columns with their types."""

    table: pa.Table
    row_count: int
    columns: list[tuple[str, str]]


class Place(NamedTuple):
    """Where in a cell: lines and columns count from 1."""

    line: int
    column: int


class SqlError(Exception):
    """There is no result; the text is a sentence for the analyst and quotes no row.

    `cell` is the name of the cell that is to blame, `place` where in it, where that is known.
    """

    def __init__(self, reason: str, *, cell: str = "", place: Place | None = None) -> None:
        place_text = f"line {place.line}, column {place.column}: " if place else ""
        super().__init__(f"{place_text}{reason}")
        self.reason = reason
        self.cell = cell
        self.place = place

    def of(self, cell: str) -> Self:
        """The same error, of the cell with that name."""
        self.cell = self.cell or cell
        return self


class NotAllowed(SqlError):
    """The cell is no query that a notebook runs."""


class SqlFailed(SqlError):
    """The cell was run, and gave no result."""
