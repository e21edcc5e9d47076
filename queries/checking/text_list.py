"""Reads a list of codes from text: one code per line, or a column of a file with any delimiter."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from queries.checking.columns import code_column, is_header, is_name_of_codes
from queries.checking.listing import Listing, NotAList, listing

DELIMITERS = ",;\t|"
LINE_ENDS = re.compile(r"\r\n|\n|\r")  # not what else Unicode has: it may stand in a code
SAMPLE = 100  # lines by which the delimiter is told
MARKS = {  # of encodings, at the beginning of a file
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def text_of(content: bytes) -> str:
    """The text of a file, which is UTF-8, UTF-16 or Windows-1252. Raises NotAList."""
    known = next((MARKS[mark] for mark in MARKS if content.startswith(mark)), "utf-8")
    for encoding in (known, "windows-1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise NotAList("This file is no text and no Excel workbook. Save the list as CSV or .xlsx.")


def read_text(text: str, column: str | None = None) -> Listing:
    """The codes of a text: of each line, or of lines that list several, or of a column.

    `column` is the name of the column to take; without it, the one that looks most like codes.
    Every cell stays as it is written, but for the quotes around it. Raises NotAList.
    """
    lines = LINE_ENDS.split(text)
    sample = [line for line in lines if line.strip()][:SAMPLE]
    delimiter = _delimiter(sample)
    if delimiter is None:
        several = next((sign for sign in DELIMITERS if all(sign in line for line in sample)), None)
        return _side_by_side(lines, several) if sample and several else _of_one_column(lines)
    rows = list(_rows(lines, delimiter))
    if len(rows) == 1 and not is_header(rows[0][1]):
        return _side_by_side(lines, delimiter)
    place, names, has_header = code_column([cells for _, cells in rows], column)
    cells = ((number, row[place] if place < len(row) else "") for number, row in rows[has_header:])
    return listing(cells, names[place], tuple(names))


def _side_by_side(lines: Sequence[str], delimiter: str) -> Listing:
    """Codes of which several stand on a line, numbered in their order."""
    cells = (cell.strip() for _, row in _rows(lines, delimiter) for cell in row)
    return listing(enumerate(cells, 1))


def _of_one_column(lines: Sequence[str]) -> Listing:
    numbered = [(number, _unquoted(line)) for number, line in enumerate(lines, 1) if line.strip()]
    has_header = bool(numbered) and is_name_of_codes(numbered[0][1])
    return listing(numbered[has_header:])


def _unquoted(line: str) -> str:
    is_quoted = len(line) > 1 and line[0] == line[-1] == '"'
    return line[1:-1].replace('""', '"') if is_quoted else line


def _delimiter(sample: Sequence[str]) -> str | None:
    """The delimiter that splits the lines into equally many cells, the most; None: none does."""
    widths: dict[str, int] = {}
    for delimiter in DELIMITERS:
        try:
            counted = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter))
        except csv.Error:  # a cell is too long: another delimiter may cut it
            continue
        width, lines = max(counted.items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
        if width > 1 and lines >= 0.9 * sum(counted.values()):
            widths[delimiter] = width
    return max(widths, key=lambda delimiter: widths[delimiter], default=None)


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that have cells, each with the number of its first line. Raises NotAList."""
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)
    begins = 1
    try:
        for row in reader:
            if any(row):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error:
        raise NotAList(
            f"The table cannot be read from line {begins:,} on: a quote is open there, or a cell "
            "is too long."
        ) from None
