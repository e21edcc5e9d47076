"""SQL cells that run as others do, of which one's statement and what it reads are noted."""

from collections.abc import Sequence
from dataclasses import dataclass

from queries.notebooks.sql import Earlier, Sql, SqlResult, SqlText


@dataclass
class Watched:
    """Passes everything on; `found` is the cell of that name with the earlier cells it reads."""

    sql_cells: Sql
    name: str
    found: tuple[SqlText, Sequence[Earlier]] | None = None

    def is_current(self) -> bool:
        """Whether the copy still is of the data that the store has."""
        return self.sql_cells.is_current()

    def names(self, sql: str) -> Sequence[str]:
        """The tables and cells that a cell reads. Raises NoSql."""
        return self.sql_cells.names(sql)

    def run(self, cell: SqlText, earlier: Sequence[Earlier]) -> SqlResult:
        """The first rows of a cell. Raises NoSql."""
        if cell.name.casefold() == self.name.casefold():
            self.found = (cell, earlier)
        return self.sql_cells.run(cell, earlier)

    def compiled(self, cell: SqlText, earlier: Sequence[Earlier]) -> str:
        """The statement that is run."""
        return self.sql_cells.compiled(cell, earlier)
