"""Reads Excel, Parquet and CSV files back, with the types of their cells."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pyarrow.parquet as pq

from data.store.database import Store
from tests.support.exports import export_file
from tests.support.rows import HEADERS

FURTHER_COLUMNS = ["Status", "Folder", "Batch", "Prefix", "Scans", "First_Redemption"]
DATE_COLUMNS = {"Start_Date", "Expiry_Date", "Redemption_Time", "Time", "First_Redemption"}
NUMBER_COLUMNS = {"Aztec_Redemption_Quantity", "Scans"}
Sheet = list[list[Any]]


def unescaped(text: str) -> str:
    """What Excel shows: it writes a character that XML has no place for as _xHHHH_."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def read_sheets(file: Path) -> list[Sheet]:
    """The sheets of a workbook, header first; looks at the type of each cell."""
    book = openpyxl.load_workbook(file)
    sheets = []
    for sheet in book.worksheets:
        names = [cell.value for cell in sheet[1]]
        assert all(cell.font.bold and cell.data_type in ("s", "inlineStr") for cell in sheet[1])
        rows: Sheet = [names]
        for cells in sheet.iter_rows(min_row=2):
            rows.append([value_of(name, cell) for name, cell in zip(names, cells, strict=True)])
        sheets.append(rows)
    return sheets


def value_of(name: str, cell: Any) -> Any:  # noqa: ANN401 - untyped library
    if cell.value is None:
        return None
    assert cell.hyperlink is None
    if name in DATE_COLUMNS:
        assert (cell.data_type, cell.is_date) == ("d", True), name
        return cell.value
    if name in NUMBER_COLUMNS:
        assert cell.data_type == "n", name
        return cell.value
    assert cell.data_type in ("s", "inlineStr"), name
    return unescaped(cell.value)


def typed_value(name: str, text: str) -> str | int | datetime | None:
    """What a field of the documented CSV means."""
    if not text:
        return None
    if name in DATE_COLUMNS:
        form = "%d/%m/%Y %H:%M:%S" if text.count(":") == 2 else "%d/%m/%Y %H:%M"
        return datetime.strptime(text, form)
    return int(text) if name in NUMBER_COLUMNS else text


def expected_rows(kind: str, rows: Sequence[Sequence[str]]) -> Sheet:
    """Rows of a file as typed values, header first."""
    names = HEADERS[kind].split(",")
    return [
        names,
        *([typed_value(n, text) for n, text in zip(names, r, strict=True)] for r in rows),
    ]


def read_csv(store: Store, kind: str, query: str = "") -> Sheet:
    """The CSV download as typed values, header first."""
    return read_csv_file(export_file(store, kind, "csv", query))


def read_csv_file(file: Path) -> Sheet:
    """A CSV file as typed values, header first."""
    names, *rows = csv.reader(io.StringIO(file.read_text("utf-8"), newline=""))
    return [names, *([typed_value(n, t) for n, t in zip(names, row, strict=True)] for row in rows)]


def read_parquet(file: Path) -> Sheet:
    """A Parquet file's rows, header first; yes and no as in the CSV."""
    table = pq.read_table(file)
    words = {True: "Yes", False: "No"}
    rows = [list(row.values()) for row in table.to_pylist()]
    return [
        table.schema.names,
        *([words[v] if isinstance(v, bool) else v for v in row] for row in rows),
    ]
