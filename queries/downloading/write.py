"""Writes rows into a file of any format."""

import codecs
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from queries.downloading.excel_cells import TIME
from queries.downloading.formats import FORMATS, NOT_WHOLE, Batches, Failed
from queries.engine import elsewhere
from queries.engine.cluster.errors import ClusterError
from queries.engine.execute import Cursor, execute, relation, write_csv
from queries.engine.prefixes import looked_up
from queries.engine.totals import read_data_until
from queries.filters import Filters


def write(
    cursor: Cursor,
    kind: str,
    filters: Filters,
    data_until: datetime | None,
    file: Path,
    form: str = "csv",
    goes_on: Callable[[], bool] = lambda: True,
    **values: object,
) -> int:
    """Write the chosen codes or transactions to `file`. Returns how many rows.

    `kind` is "codes", "codes_more" (with further columns) or "transactions", or another query
    `export_<kind>.sql` with `values` of its own. Except for CSV, it stops between batches when
    `goes_on` returns false, and compares the rows with the engine's count of them, which is of
    the same state if the cursor is in a transaction. `data_until` is the store's where it is
    None. Raises Failed, EngineError, OSError.
    """
    data_until = data_until or read_data_until(cursor)
    parameters = {"filters": looked_up(cursor, filters).parameters(data_until), **values}
    writer = FORMATS[form].write
    if writer is None:
        with said_by_cluster():
            ((rows,),) = execute(cursor, f"export_{kind}", file=str(file), **parameters).fetchall()
        return int(rows)
    size = FORMATS[form].batch_rows
    with said_by_cluster():
        if (stream := elsewhere.stream_of(cursor, f"table_{kind}", parameters)) is not None:
            # It ends with an error where it is not whole.
            return writer(_batches(stream, goes_on), file)
    rows_of_kind = relation(cursor, f"table_{kind}", **parameters)
    ((counted,),) = rows_of_kind.count("*").fetchall()
    reader = rows_of_kind.to_arrow_reader(size)
    written = writer(_batches(reader, goes_on), file)
    if written != counted and goes_on():
        raise Failed(NOT_WHOLE)
    return written


# Also full-width: a spreadsheet reads them as the plain ones.
FORMULAS = tuple("=+-@\t\r＝＋－＠")


def write_table(table: pd.DataFrame, form: str) -> bytes:
    """The file of a table that a page shows. Raises Failed.

    Its CSV is for a spreadsheet, unlike that of codes: it begins with a byte-order mark, by which
    Excel recognises UTF-8, and no text in it runs as a formula.
    """
    writer = FORMATS[form].write
    if writer is None:
        table = table.apply(lambda column: column.map(_no_formula, na_action="ignore"))
        table = table.rename(columns=_no_formula)
    # Without the metadata that pandas would write into a Parquet file.
    rows = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"table.{form}"
        if writer is None:
            write_csv(rows, file, TIME)
            return codecs.BOM_UTF8 + file.read_bytes()
        writer(_batches(rows.to_reader()), file)
        return file.read_bytes()


def _no_formula(value: object) -> object:
    """The value; a text that a spreadsheet would run as a formula gets a ' in front."""
    return f"'{value}" if isinstance(value, str) and _runs(value) else value


def _runs(text: str) -> bool:
    return text.startswith(FORMULAS) or text.lstrip("\r\n").startswith(FORMULAS)


@contextmanager
def said_by_cluster() -> Iterator[None]:
    """Let a file fail with the sentence of the cluster that has not answered."""
    try:
        yield
    except ClusterError as error:
        raise Failed(str(error)) from None


def _batches(reader: elsewhere.Stream, goes_on: Callable[[], bool] = lambda: True) -> Batches:
    """The typed rows in batches; the first one is empty, and gives the columns."""
    yield pa.RecordBatch.from_pylist([], schema=reader.schema)
    for batch in reader:
        if not goes_on():
            return
        yield batch
