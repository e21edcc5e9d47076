"""Reads a list of codes from an Excel workbook (.xlsx), every cell as the text that it shows.

The one module of the app that reads markup, because a workbook is made of it. What could be done by
a workbook that somebody made to do harm is bounded before it is parsed: no document type (which
could declare entities), no more bytes than a million codes need, no link to another workbook.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from queries.checking.columns import code_column
from queries.checking.listing import MOST, Listing, NotAList, listing

BEGINS = b"PK\x03\x04"  # any .xlsx
OLD = b"\xd0\xcf\x11\xe0"  # .xls, or a workbook with a password
LARGEST = 1024 * 1024 * 1024  # bytes of all parts, unpacked
MOST_COLUMNS = 200
LAST_ROW = 1_048_576  # of a sheet of Excel; openpyxl makes up all rows before one it finds
DECLARATIONS = tuple(
    text.encode(encoding)
    for text in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")  # which an XML parser tells by itself
)
BLOCK = 1024 * 1024
WHOLE = 10**15  # from here on Excel shows a number in its scientific notation
ZEROS = re.compile(r"0+")
Row = tuple[int, list[str]]  # its number, and its cells
UNREADABLE = "This workbook cannot be read. Save the list as CSV, or as .xlsx anew."


def is_workbook(content: bytes) -> bool:
    """Whether the bytes of a file are those of a workbook, of any age."""
    return content.startswith((BEGINS, OLD))


def read_workbook(content: bytes, column: str | None = None) -> Listing:
    """The codes of the first sheet that has any. Raises NotAList.

    A cell that is a number has lost what Excel does not keep of a code; it is taken as Excel shows
    it, so that the check can name the near miss.
    """
    if content.startswith(OLD):
        raise NotAList("This workbook is old, or locked. Save it as .xlsx without a password.")
    try:
        _check_harmless(content)
        rows = _rows_of(content)
    except NotAList:
        raise
    except Exception:  # of whatever kind: the message of any may quote a cell
        raise NotAList(UNREADABLE) from None
    place, names, has_header = code_column([cells for _, cells in rows], column)
    cells = ((number, row[place] if place < len(row) else "") for number, row in rows[has_header:])
    if len(names) == 1:
        return listing(cells)
    return listing(cells, names[place], tuple(names))


def _check_harmless(content: bytes) -> None:
    """Raise NotAList for a workbook that unpacks to too much, or declares a document type."""
    size = 0
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.infolist():
            before = b""
            with parts.open(part) as unpacked:
                while block := unpacked.read(BLOCK):
                    size += len(block)
                    if size > LARGEST:
                        raise NotAList("This workbook is too large. Save the list as CSV.")
                    if any(declared in before + block for declared in DECLARATIONS):
                        raise NotAList(UNREADABLE)
                    before = block[-32:]


def _rows_of(content: bytes) -> list[Row]:
    """The rows with cells of the first sheet that has any."""
    with _opened(content, values=False) as book:
        sheet, rows, has_formula = _first_sheet(book)
    if not has_formula:
        return rows
    with _opened(content, values=True) as book:
        shown = dict(_rows_with_cells(book[sheet]))
    return [(number, _with_values(cells, shown.get(number, []))) for number, cells in rows]


def _with_values(cells: list[str], shown: list[str]) -> list[str]:
    """Cells with what their formulas show.

    Where Excel has computed nothing, or an error, what stands there: =A1 may be a code.
    """
    padded = [*shown, *[""] * len(cells)]
    return [
        value if cell.startswith("=") and value and not value.startswith("#") else cell
        for cell, value in zip(cells, padded, strict=False)
    ]


@contextmanager
def _opened(content: bytes, *, values: bool) -> Iterator[Any]:
    import openpyxl  # type: ignore[import-untyped]  # a twentieth of a start, for lists alone

    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=values, keep_links=False
    )
    try:
        yield book
    finally:
        book.close()


def _first_sheet(book: Any) -> tuple[str, list[Row], bool]:  # noqa: ANN401 - untyped library
    """The name of the first sheet with cells, its rows, and whether one may be a formula."""
    for sheet in book.worksheets:
        if rows := list(_rows_with_cells(sheet)):
            has_formula = any(cell.startswith("=") for _, cells in rows for cell in cells)
            return sheet.title, rows, has_formula
    raise NotAList("There is no code in this workbook.")


def _rows_with_cells(sheet: Any) -> Iterator[Row]:  # noqa: ANN401 - untyped library
    found = 0
    sheet.reset_dimensions()  # what the workbook says of its size need not be right
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > LAST_ROW:
            raise NotAList(UNREADABLE)
        texts = [_text(cell) for cell in cells[:MOST_COLUMNS]]
        if any(texts):
            found += 1
            if found > MOST + 1:  # a header
                raise NotAList(f"A list has at most {MOST:,} codes. Check it in parts.")
            yield number, texts


def _text(cell: Any) -> str:  # noqa: ANN401 - untyped library
    """A cell as Excel shows it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _number(value: float, form: str) -> str:
    if isinstance(value, float) and not value.is_integer():
        return repr(value).replace("e", "E")
    if isinstance(value, float) and abs(value) >= WHOLE:
        return _notation(value)
    text = str(int(value))
    return text.zfill(len(form)) if ZEROS.fullmatch(form) else text


def _notation(value: float) -> str:
    """1.23E+19, with the digits that the cell has."""
    digits, _, exponent = f"{value:.14E}".partition("E")
    return f"{digits.rstrip('0').rstrip('.')}E{exponent[0]}{int(exponent[1:]):02d}"
