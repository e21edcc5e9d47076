"""SQL cells of a notebook, run by a sandbox on a copy of the data."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import Protocol

import pandas as pd
import pyarrow as pa

from queries.engine.sandbox.cells import OWN_TABLES, Names, Rows, SqlCell, SqlError, SqlRows
from queries.engine.sandbox.cells import Earlier as EarlierCells
from queries.engine.sandbox.statement import MACROS
from queries.notebooks.sql import Earlier, NoSql, SqlResult, SqlTable, SqlText

TOO_MANY = "{name} has more than {most:,} rows: narrow it, or sum it up in SQL."


class RunsCells(Protocol):
    """A sandbox, or what has one for each cell."""

    def names(self, sql: str) -> Names:
        """The tables, cells and columns that a cell names. Raises SqlError."""
        ...

    def run(self, cell: SqlCell, earlier: EarlierCells) -> SqlRows:
        """The first rows of a cell's result. Raises SqlError."""
        ...

    def batches(
        self, cell: SqlCell, earlier: EarlierCells
    ) -> Generator[pa.RecordBatch, None, None]:
        """All rows of a cell's result, to be read to their end or closed. Raises SqlError."""
        ...


class Sandboxed:
    """Runs cells in a sandbox. `is_current` says whether its copy still is of the store's data."""

    def __init__(self, sandbox: RunsCells, is_current: Callable[[], bool]) -> None:
        self._sandbox = sandbox
        self._is_current = is_current

    def is_current(self) -> bool:
        """Whether the copy still is of the data that the store has."""
        return self._is_current()

    def names(self, sql: str) -> Sequence[str]:
        """The tables and cells that a cell reads. Raises NoSql."""
        try:
            return sorted(self._sandbox.names(sql).tables)
        except SqlError as error:
            raise NoSql(str(error)) from None

    def run(self, cell: SqlText, earlier: Sequence[Earlier]) -> SqlResult:
        """The first rows of a cell. Raises NoSql."""
        try:
            found = self._sandbox.run(_cell(cell), [earlier_of(one) for one in earlier])
        except SqlError as error:
            blamed = error.cell and error.cell.casefold() != cell.name.casefold()
            raise NoSql(f"{error.cell}, {error}" if blamed else str(error)) from None
        return SqlResult(frame_of(found.table), found.row_count)

    def whole(self, cell: SqlText, earlier: Sequence[Earlier], most: int) -> pd.DataFrame:
        """All rows of a cell. Raises NoSql, also where there are more than `most`."""
        batches, count = list[pa.RecordBatch](), 0
        try:
            with closing(
                self._sandbox.batches(_cell(cell), [earlier_of(one) for one in earlier])
            ) as rest:
                for batch in rest:
                    batches.append(batch)
                    count += batch.num_rows
                    if count > most:
                        raise NoSql(TOO_MANY.format(name=cell.name, most=most))
        except SqlError as error:
            raise NoSql(str(error)) from None
        return frame_of(pa.Table.from_batches(batches))

    def compiled(self, cell: SqlText, earlier: Sequence[Earlier]) -> str:
        """The statement that is run, for people: a cell whose rows are there already is named."""
        parts = [f'"{one.name}" as (\n{_body(one)}\n)' for one in earlier]
        parts += _chosen(cell)
        opening = f"with {', '.join(parts)}\n" if parts else ""
        return f"{opening}from (\n{cell.sql.strip()}\n)"


def _cell(cell: SqlText) -> SqlCell:
    return SqlCell(cell.name, cell.sql, dict(cell.parameters))


def earlier_of(one: Earlier) -> SqlCell | Rows:
    """An earlier cell as a sandbox takes it. Raises NoSql."""
    if isinstance(one, SqlText):
        return _cell(one)
    try:
        return Rows(one.name, pa.Table.from_pandas(one.rows, preserve_index=False))
    except (pa.ArrowException, TypeError, ValueError):  # whose words may quote a value
        raise NoSql(f"SQL cannot read the rows of {one.name}.") from None


def frame_of(table: pa.Table) -> pd.DataFrame:
    """Rows as the engine's frames have them: sums as numbers, days as times."""
    columns = [_plain(column) for column in table.columns]
    names = list(table.column_names)
    plain = pa.Table.from_arrays(columns, names=[str(place) for place in range(len(names))])
    frame: pd.DataFrame = plain.to_pandas(date_as_object=False)
    return frame.set_axis(names, axis="columns")


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column without decimals, as which the engine gives sums: a sum of counts is whole."""
    if not pa.types.is_decimal(column.type):
        return column
    try:
        return column.cast(pa.int64() if column.type.scale == 0 else pa.float64())
    except pa.ArrowInvalid:  # more than such a number holds
        return column.cast(pa.float64())


def _body(one: Earlier) -> str:
    if isinstance(one, SqlTable):
        return f"-- {len(one.rows):,} rows of {one.name}"
    chosen = _chosen(one)
    return f"with {', '.join(chosen)}\n{one.sql.strip()}" if chosen else one.sql.strip()


def _chosen(cell: SqlText) -> list[str]:
    """The tables of the data that a cell names, as the macros by which they are read."""
    named = [table for table in OWN_TABLES if table in cell.sql.casefold()]
    return [f"{table} as (from {MACROS[table]}($filters))" for table in named]
