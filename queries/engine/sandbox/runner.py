"""Runs cells on a copy of a store, within the process of a sandbox."""

import json
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa

from queries.engine.execute import Cursor
from queries.engine.read_only import FOLDER, MACROS
from queries.engine.registered import registered
from queries.engine.sandbox.cells import (
    BYTES,
    OWN_TABLES,
    Earlier,
    Names,
    NotAllowed,
    Rows,
    SqlCell,
    SqlFailed,
    SqlRows,
)
from queries.engine.sandbox.columns import columns
from queries.engine.sandbox.failures import failure
from queries.engine.sandbox.fence import Checked, Tree, check
from queries.engine.sandbox.statement import (
    Part,
    Statement,
    check_name,
    compiled,
    parts_of,
    same_trees,
)

THREADS = 2
BATCH = 2_000  # rows at a time of a result that is shown
FILE_BATCH = 20_000  # and of a file
# Rows, and bytes, that are read to count them: a second query for their number costs more, and a
# sort of the first rows alone takes no memory for the others.
COUNTED = 50_000
READ = 64_000_000
LIST = re.compile(r"list_\d+")  # a table with the codes of a list (queries/engine/listed.py)
NO_LIST = "The list of codes that the filter names is not there any more."
RECURSION = 20_000  # frames: a tree of SQL has several per level

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    "threads": str(THREADS),
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "errors_as_json": "true",
}
# Once the copy is attached: nothing else can be opened, and nothing set, from then on.
LOCKED = (
    "set TimeZone = 'UTC'",
    "set temp_directory = ''",
    "set python_enable_replacements = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
RESERVED = """
    select lower(table_name) from duckdb_tables() where database_name <> 'vouchers'
    union select lower(view_name) from duckdb_views()
"""


class Runner:
    """The engine of a sandbox: it reads a copy of the store and nothing else."""

    def __init__(self, copy: Path | None) -> None:
        """Open the copy; without one only names() can be asked. Raises duckdb.Error."""
        sys.setrecursionlimit(RECURSION)
        self._db = duckdb.connect(config=CONFIG)
        if copy is not None:
            self._db.execute("attach ? as vouchers (read_only)", [str(copy)])
            for name in MACROS:
                self._db.execute((FOLDER / f"{name}.sql").read_text("utf-8"))
        warnings.simplefilter("ignore")  # of a copy within the engine, which costs nothing here
        self._reserved = frozenset(name for (name,) in self._db.execute(RESERVED).fetchall())
        for setting in LOCKED:
            self._db.execute(setting)

    def names(self, sql: str) -> Names:
        """What a cell names. Raises NotAllowed."""
        return self._check(sql).names

    def run(self, cell: SqlCell, earlier: Earlier, offset: int, most: int) -> SqlRows:
        """Some rows of a cell's result. Raises NotAllowed, SqlFailed."""
        with self._parts(cell, earlier) as parts:
            page = f" limit {most + COUNTED:d} offset {offset:d}"
            with self._executed(parts, compiled(parts, ending=page)) as cursor:
                columns = [(name, str(kind)) for name, kind, *_ in cursor.description]
                with _reader(cursor, BATCH) as reader:
                    table, rows = _first(reader, most)
            if rows is None or rows == most + COUNTED or (offset and not rows):
                with self._executed(parts, compiled(parts, selected="count(*)")) as cursor:
                    ((count,),) = cursor.fetchall()
            else:
                count = offset + rows
            return SqlRows(_at_most(table, BYTES), int(count), columns)

    def batches(self, cell: SqlCell, earlier: Earlier) -> Iterator[pa.Table]:
        """All rows of a cell's result; the first table has none. Raises NotAllowed, SqlFailed."""
        with (
            self._parts(cell, earlier) as parts,
            self._executed(parts, compiled(parts)) as cursor,
            _reader(cursor, FILE_BATCH) as reader,
        ):
            yield reader.schema.empty_table()
            for batch in reader:
                yield pa.Table.from_batches([batch])

    @contextmanager
    def _parts(self, cell: SqlCell, earlier: Earlier) -> Iterator[list[Part]]:
        """The cells that a cell reads, checked, with their tables for as long as the block runs."""
        for item in (*earlier, cell):
            check_name(item.name, self._reserved)
        parts = parts_of(cell, earlier, self._check_cell)
        with registered(self._db, _tables(parts)):
            yield parts

    @contextmanager
    def _executed(self, parts: Sequence[Part], statement: Statement) -> Iterator[Cursor]:
        """The result of a statement. What the engine raises in the block becomes SqlFailed."""
        if not same_trees(statement, self._parse(statement.sql)):
            raise NotAllowed("The SQL cannot stand within a notebook.", cell=parts[-1].name)
        try:
            yield self._db.execute(statement.sql, statement.parameters)
        except (duckdb.Error, MemoryError, pa.ArrowException) as error:
            failed = failure(error, statement, lambda part: self._columns(part, parts))
            raise failed.of(parts[-1].name) from None

    def _check(self, sql: str) -> Checked:
        try:
            return check(_without_last_semicolon(sql), self._parse, self._reserved)
        except (RecursionError, KeyError, TypeError):
            raise NotAllowed("The SQL has a form that cannot be checked.") from None

    def _check_cell(self, cell: SqlCell) -> Checked:
        try:
            return self._check(cell.sql)
        except NotAllowed as error:
            raise error.of(cell.name) from None

    def _parse(self, sql: str) -> Tree:
        ((text,),) = self._db.execute("select json_serialize_sql(?)", [sql]).fetchall()
        tree: Tree = json.loads(text)
        return tree

    def _columns(self, part: Part, parts: Sequence[Part]) -> list[str]:
        """The columns of what a part reads, as far as that can be read."""
        read = part.checked.places if part.checked else {}
        names = [c.name for table in OWN_TABLES if table in read for c in columns()[table]]
        for end, earlier in enumerate(parts, 1):
            if earlier.name.lower() in read:
                with suppress(duckdb.Error):
                    statement = compiled(parts[:end], ending=" limit 0")
                    cursor = self._db.execute(statement.sql, statement.parameters)
                    names += [name for name, *_ in cursor.description]
        return names


def _tables(parts: Sequence[Part]) -> dict[str, pa.Table]:
    """What the parts read beside the store: tables by their names. Raises SqlFailed."""
    tables: dict[str, pa.Table] = {}
    for part in parts:
        if isinstance(part.item, Rows):
            tables[part.table] = part.item.table
        elif (listed := part.item.parameters.get("listed")) and LIST.fullmatch(str(listed)):
            if part.item.listed is None:
                raise SqlFailed(NO_LIST, cell=part.name)
            tables[str(listed)] = part.item.listed
    return tables


def _without_last_semicolon(sql: str) -> str:
    """The text with a blank for a semicolon at its end, and all else where it was."""
    data = sql.encode()
    words = [at for at, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]
    if words and data[words[-1] : words[-1] + 1] == b";":
        return (data[: words[-1]] + b" " + data[words[-1] + 1 :]).decode()
    return sql


def _reader(cursor: Cursor, rows: int) -> pa.RecordBatchReader:
    return cursor.to_arrow_reader(rows)


def _first(reader: pa.RecordBatchReader, most: int) -> tuple[pa.Table, int | None]:
    """The first rows, as many as are shown, and how many there are.

    None where that would take long: texts are large.
    """
    shown: list[pa.RecordBatch] = []
    rows = read = 0
    for batch in reader:
        if rows < most and read <= BYTES:
            shown.append(batch)
        rows += batch.num_rows
        read += batch.nbytes
        if read > READ:
            break
    table = pa.Table.from_batches(shown, reader.schema).slice(0, most)
    return table, None if read > READ else rows


def _at_most(table: pa.Table, most: int) -> pa.Table:
    """The first rows, as many as fit so many bytes. Raises SqlFailed where one does not."""
    had_rows = table.num_rows > 0
    while table.num_rows and table.nbytes > most:
        table = table.slice(0, min(table.num_rows - 1, table.num_rows * most // table.nbytes))
    if had_rows and not table.num_rows:
        raise SqlFailed("One row is larger than 1 MB: choose fewer columns, or shorter texts.")
    return table
