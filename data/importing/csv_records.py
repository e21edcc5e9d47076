"""Finds the lines of single rows, for messages: with Python's own csv reader."""

import contextlib
import csv
from collections.abc import Iterator
from pathlib import Path

from data.importing import messages
from data.importing.csv_file import COLUMNS, Survey
from data.store.errors import Refused
from data.store.originals import BLOCK

LONGEST_LINE = 1024 * 1024  # bytes
TOO_LONG = "this row has more than a million characters: this is no export of Voucher Manager."


def line_of(survey: Survey, row: int) -> int:
    """The line that the row (counted from 0, without the header) begins on."""
    return lines_of(survey, {row})[row]


def lines_of(survey: Survey, rows: set[int]) -> dict[int, int]:
    """The lines that rows (counted from 0, without the header) begin on."""
    if survey.plain or not rows:
        return {row: row + 2 for row in rows}
    found = {}
    for number, (line, _) in enumerate(records(survey.path)):
        if number - 1 in rows:
            found[number - 1] = line
        if number > max(rows):
            break
    return found


def field_of(survey: Survey, row: int, column: str) -> tuple[int, str]:
    """The line of a row (counted from 0), and the text in one of its columns."""
    place = COLUMNS[survey.kind].index(column)
    for number, (line, record) in enumerate(records(survey.path)):
        if number == row + 1:
            return line, record[place]
    raise IndexError(row)


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records of a file, header first, each with the line that it begins on."""
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        begins = 1
        for record in reader:
            if record:
                yield begins, record
            begins = reader.line_num + 1


def wrong_width(survey: Survey) -> Refused | None:
    """The first row that has too few or too many fields, if there is one."""
    wanted = len(COLUMNS[survey.kind])
    for line, record in records(survey.path):
        if sum(map(len, record)) > LONGEST_LINE:
            return Refused(TOO_LONG, line=line)
        if len(record) != wanted:
            return Refused(_width(survey, line, record, wanted), line=line)
    return None


def _width(survey: Survey, line: int, record: list[str], wanted: int) -> str:
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(record) == 1 and record[0].count(mark) >= wanted - 2:
            return f"from here on the fields are separated by {name}. Save the file with commas."
    fields = f"{len(record)} field{'' if len(record) == 1 else 's'}"
    if len(record) > wanted:
        return (
            f"the row has {fields} where {wanted} fields belong. "
            "A text with a comma in it must stand in double quotes."
        )
    if messages.CONTROL_Z in "".join(record):
        return f"{messages.ENDS_IN_CONTROL_Z} {messages.FROM_A_SPREADSHEET}"
    if _ends_here(survey.path, line):
        return (
            f"the file was cut off here: its last row has {len(record)} of {wanted} fields. "
            "Export it again."
        )
    return f"the row has {fields} where {wanted} fields belong. Export the file again."


def _ends_here(path: Path, line: int) -> bool:
    """Whether the line is the file's last and does not end."""
    with path.open("rb") as file:
        number = sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    return number + 1 == line


def last_row_line(path: Path) -> int:
    """The line that the file's last readable row begins on."""
    last = 1
    with contextlib.suppress(csv.Error):
        for line, _ in records(path):
            last = line
    return last
