"""The formats of a download, one record each: Voucher Manager's CSV, Excel and Parquet."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from queries.downloading.excel_cells import LONGEST_CELL, Cells, as_written, cells_of, fits

EXCEL_ROWS = 1_048_575  # on a sheet, below the header
EXCEL_COLUMNS = 16_384
WIDTHS = {"Transaction_ID": 38, "Group_Name": 20, "Campaign_Name": 24}
ARROW = 5  # characters that the arrow of the filter takes from a header

NOT_WHOLE = "The file is not whole: it lacks rows that were written. Download it again."

Batches = Iterator[pa.RecordBatch]


class Failed(Exception):
    """The file could not be written; the text says why without quoting a row.

    With an error of the system or the engine as its cause, the text has no reason yet.
    """

    def sentence(self, why: Callable[[BaseException], str]) -> str:
        """The text, with the reason that `why` gives for the cause, if there is one."""
        cause = self.__cause__
        return str(self) if cause is None else f"{self}: {why(cause)}."


def _write_parquet(batches: Batches, file: Path) -> int:
    first = next(batches)
    with file.open("wb") as sink, pq.ParquetWriter(sink, first.schema, compression="zstd") as out:
        for batch in batches:
            out.write_batch(batch)
    return int(pq.read_metadata(file).num_rows)


def _write_excel(batches: Batches, file: Path) -> int:
    """Codes and IDs as text, dates as dates; a text can never run as a formula."""
    parts = file.with_suffix(".parts")
    parts.mkdir()
    options = {
        "constant_memory": True,
        "tmpdir": str(parts),
        "use_zip64": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    rows = 0
    try:
        with xlsxwriter.Workbook(file, options) as book:
            book.set_properties({"created": datetime(2000, 1, 1)})  # same rows, same bytes
            sheets = _Sheets(book, next(batches).schema)
            for batch in batches:
                sheets.add(batch)
                rows += batch.num_rows
            sheets.end()
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return rows


class Format(NamedTuple):
    """How rows become a file. `write` returns how many; None: the engine's COPY writes them."""

    label: str
    media_type: str
    row_bytes: int  # about, on the disk while the file is written and sent
    write: Callable[[Batches, Path], int] | None = None
    batch_rows: int = 0  # rows that `write` gets at a time
    grows: bool = True  # bytes that are written do not change any more


# By the ending of the file's name.
FORMATS = {
    "csv": Format("CSV", "text/csv", 120),
    "xlsx": Format(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        500,
        _write_excel,
        batch_rows=2_000,  # few: Excel's rows are slow, and only between batches can it stop
        grows=False,  # a workbook's start is written last
    ),
    "parquet": Format(
        "Parquet", "application/vnd.apache.parquet", 60, _write_parquet, batch_rows=100_000
    ),
}


class _Sheets:
    """As many sheets as the rows need, one after another, each with the header."""

    def __init__(self, book: Any, schema: pa.Schema) -> None:  # noqa: ANN401 - untyped library
        names = schema.names
        if len(names) > EXCEL_COLUMNS:
            raise Failed(
                f"A sheet of Excel has at most {EXCEL_COLUMNS:,} columns, and this table has "
                f"{len(names):,}. Choose fewer, or another format."
            )
        self._book = book
        self._names = names
        self._forms: dict[str, Any] = {"General": None}
        self._bold = book.add_format({"bold": True})
        self._row = 0
        self._sheet = self._add()

    def add(self, batch: pa.RecordBatch) -> None:
        """Write some rows, on a new sheet where the last one is full."""
        cells = [cells_of(column) for column in batch.columns]
        rows = list(zip(*(column.values for column in cells), strict=True))
        while rows:
            if self._row == EXCEL_ROWS:
                self.end()
                self._sheet = self._add()
            now = rows[: EXCEL_ROWS - self._row]
            self._write(now, cells)
            self._row += len(now)
            rows = rows[len(now) :]

    def end(self) -> None:
        """Finish the sheet."""
        self._sheet.autofilter(0, 0, max(self._row, 1), len(self._names) - 1)

    def _add(self) -> Worksheet:
        sheet: Worksheet = self._book.add_worksheet()
        sheet.freeze_panes(1, 0)
        written = [as_written(name) for name in self._names]
        _check(written)
        for place, (name, text) in enumerate(zip(self._names, written, strict=True)):
            sheet.set_column(place, place, max(WIDTHS.get(name, 17), len(name) + ARROW))
            sheet.write_string(0, place, text, self._bold)
        self._row = 0
        return sheet

    def _write(self, rows: list[tuple[Any, ...]], cells: list[Cells]) -> None:
        """Write rows below the last one, all on one sheet."""
        writers = [self._writer(column) for column in cells]
        for number, row in enumerate(rows, self._row + 1):
            for place, value in enumerate(row):
                if value is not None:
                    write, form = writers[place]
                    write(number, place, value, form)

    def _writer(self, cells: Cells) -> tuple[Callable[[int, int, Any, Any], object], Any]:
        """What writes the cells of a column, and the format that it is given."""
        texts = cells.texts()
        _check(texts)
        if cells.form is None:
            return self._sheet.write_string, None
        if cells.form not in self._forms:
            self._forms[cells.form] = self._book.add_format({"num_format": cells.form})
        write = self._sheet.write if texts else self._sheet.write_number
        return write, self._forms[cells.form]


def _check(texts: list[str]) -> None:
    """Raise Failed where a cell takes one of the texts only in part."""
    if not all(map(fits, texts)):
        raise Failed(
            f"A text is longer than a cell of Excel takes: {LONGEST_CELL:,} characters, and fewer "
            "where it is made like XML."
        )
