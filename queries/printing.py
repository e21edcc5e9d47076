"""Rows of a command as text: CSV, or columns side by side."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence

Rows = Sequence[Mapping[str, object]]


def as_csv(rows: Rows) -> str:
    """The rows as CSV with a header; nothing where there are none."""
    text = io.StringIO()
    if rows:
        csv.writer(text, lineterminator="\n").writerows([list(rows[0]), *_cells(rows)])
    return text.getvalue()


def as_table(rows: Rows, visible: Callable[[str], str]) -> str:
    """The rows in columns under their names; `visible` makes a cell fit for a terminal."""
    if not rows:
        return ""
    columns = list(rows[0])
    cells = [list(map(visible, line)) for line in _cells(rows)]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [columns, *cells]
    ]
    return "\n".join(lines) + "\n"


def _cells(rows: Rows) -> list[list[str]]:
    return [[_cell(value) for value in row.values()] for row in rows]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
