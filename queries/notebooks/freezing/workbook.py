"""A frozen notebook as a workbook of Excel: what it rests on, and a sheet per cell."""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from queries.downloading.excel_cells import FIRST_DAY, LONGEST_CELL, as_written, fits
from queries.downloading.formats import EXCEL_COLUMNS, EXCEL_ROWS, Failed
from queries.notebooks.freezing import columns
from queries.notebooks.freezing.columns import Kinds, text_of
from queries.notebooks.freezing.frozen_notebook import Frozen
from queries.notebooks.freezing.shown import Rows, Shown
from queries.notebooks.written import Scalar, is_missing, is_number

FIRST_SHEET = "Notebook"
LONGEST_NAME = 31  # letters of a sheet's name
HEAD = 6  # rows above a table
WIDTH = 18
LONGEST_ESCAPE = 6  # characters, with some to spare: & becomes &amp; in XML
FORMATS = {
    columns.COUNT: "#,##0",
    columns.RATE: "0.0%",
    columns.DECIMAL: "#,##0.00",
    columns.POINTS: '+0.0" points";-0.0" points"',
    columns.MORE: "+#,##0;-#,##0;0",
    "time": "dd/mm/yyyy hh:mm",
    "day": "dd/mm/yyyy",
}


def as_workbook(frozen: Frozen) -> bytes:
    """The file. A text is never a formula, a link or a number. Raises Failed."""
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": frozen.title, "created": datetime(2000, 1, 1)})
        writer = _Writer(book)
        further = [(cell, rows) for cell in frozen.shown for rows in cell.others]
        wishes = [cell.name for cell in frozen.shown] + [cell.name for cell, _ in further]
        names = sheet_names(wishes)
        writer.front(frozen, names[: len(frozen.shown)])
        for cell, name in zip(frozen.shown, names, strict=False):
            writer.cell(cell, name)
        for (cell, rows), name in zip(further, names[len(frozen.shown) :], strict=True):
            writer.other(cell, rows, name)
    return content.getvalue()


def sheet_names(names: Sequence[str]) -> list[str]:
    """A valid name for each sheet, each once whatever its case, and none that of the first one."""
    taken = {FIRST_SHEET.casefold(), "history"}  # a name that Excel keeps for itself
    found = []
    for name in names:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip(" '") or "cell"
        unique, number = plain[:LONGEST_NAME], 2
        while unique.casefold() in taken:
            end = f" ({number})"
            unique, number = f"{plain[: LONGEST_NAME - len(end)]}{end}", number + 1
        taken.add(unique.casefold())
        found.append(unique)
    return found


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - untyped library
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._formats = {
            kind: book.add_format({"num_format": text}) for kind, text in FORMATS.items()
        }

    def front(self, frozen: Frozen, names: Sequence[str]) -> None:
        """The first sheet: title, what the numbers rest on, alerts, texts, and the other sheets."""
        sheet = self._book.add_worksheet(FIRST_SHEET)
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 0, _cut(frozen.title), self._title)
        lines = [*frozen.facts(), *(("Alert", alert) for alert in frozen.alerts())]
        lines += [
            (name, f"{cell.title}. {cell.error or cell.reading or cell.note}")
            for name, cell in zip(names, frozen.shown, strict=True)
        ]
        texts = [cell for cell in frozen.run.document.cells if cell.is_text and cell.body.strip()]
        lines += [("Text", frozen.text_of(cell).strip()) for cell in texts]
        for row, (name, text) in enumerate(lines, 2):
            sheet.write_string(row, 0, _cut(name), self._bold)
            sheet.write_string(row, 1, _cut(text), self._wrapped)

    def cell(self, cell: Shown, name: str) -> None:
        """A sheet: title, sentences and filter above all rows."""
        sheet = self._book.add_worksheet(name)
        words = " ".join(cell.sentences)
        head = (cell.title, words, f"Filter: {cell.in_words}" if cell.in_words else "", cell.query)
        for row, text in enumerate(head):
            sheet.write_string(row, 0, _cut(text), self._bold if row == 0 else None)
        if cell.table is None or not len(cell.table.columns):
            return
        if cell.row_count > len(cell.table):
            further = f"The first {len(cell.table):,} of {cell.row_count:,} rows"
            sheet.write_string(HEAD - 2, 0, further, self._bold)
        self._table(sheet, cell.name, cell.table, cell.kinds)

    def other(self, cell: Shown, rows: Rows, name: str) -> None:
        """A sheet of a further table."""
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, _cut(f"{cell.title}: {rows.title}"), self._bold)
        self._table(sheet, cell.name, rows.table, rows.kinds)

    def _table(self, sheet: Worksheet, of: str, table: pd.DataFrame, kinds: Kinds) -> None:
        if len(table) > EXCEL_ROWS - HEAD or len(table.columns) > EXCEL_COLUMNS:
            raise Failed(
                f"The cell {of} has {len(table):,} rows and {len(table.columns):,} columns: "
                "more than a sheet of Excel has. Narrow its filter."
            )
        names = [str(name) for name in table.columns]
        for place, name in enumerate(names):
            sheet.set_column(place, place, max(WIDTH, min(len(name) + 5, 40)))
            sheet.write_string(HEAD - 1, place, _cut(name), self._bold)
        of_columns = [kinds.get(name, columns.TEXT) for name in names]
        for row, values in enumerate(table.itertuples(index=False, name=None), HEAD):
            for place, (kind, value) in enumerate(zip(of_columns, values, strict=True)):
                self._value(sheet, (row, place), kind, value)
        sheet.freeze_panes(HEAD, 0)
        sheet.autofilter(HEAD - 1, 0, HEAD - 1 + max(len(table), 1), len(names) - 1)

    def _value(self, sheet: Worksheet, at: tuple[int, int], kind: str, value: Scalar) -> None:
        if is_missing(value):
            return
        if is_number(value):
            number, kind = float(value), _kind_of_number(kind, value)
            number = number * 100 if kind == columns.POINTS else number
            if abs(number) < float("inf"):
                sheet.write_number(*at, number, self._formats.get(kind))
            else:
                sheet.write_string(*at, str(number))
        elif isinstance(value, datetime) and value.replace(tzinfo=None) >= FIRST_DAY:
            sheet.write_datetime(*at, value.replace(tzinfo=None), self._formats["time"])
        elif type(value) is date and value >= FIRST_DAY.date():
            sheet.write_datetime(*at, value, self._formats["day"])
        else:
            sheet.write_string(*at, _cut(text_of(kind, value)))


def _kind_of_number(kind: str, value: Scalar) -> str:
    """The kind of a number in a column whose rows are numbers of several kinds."""
    of_row = {
        columns.ROW: (columns.RATE, columns.COUNT),
        columns.ROW_APART: (columns.POINTS, columns.MORE),
    }
    return of_row[kind][isinstance(value, int)] if kind in of_row else kind


def _cut(text: str) -> str:
    """The text, or as much of it as a cell holds, as the library writes it unchanged."""
    cut = text[:LONGEST_CELL]
    written = as_written(cut)
    if written == cut or fits(written):  # a plain text XlsxWriter cuts by itself
        return written
    return as_written(text[: LONGEST_CELL // LONGEST_ESCAPE - 1])
