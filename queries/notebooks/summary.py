"""A run of a notebook as text for a terminal: its texts, and a table per cell."""

from collections.abc import Callable, Sequence
from typing import Any

from queries.notebooks.as_json import Results
from queries.printing import as_table

MOST_ROWS = 20  # of a cell; JSON has the others
MOST_COLUMNS = 8  # side by side; a wider row stands one value per line

Visible = Callable[[str], str]


def summary(results: Results, visible: Visible) -> str:
    """The results of a run; `visible` makes a text fit for a terminal."""
    cells = iter(results["cells"])
    parts = [
        _text(part["text"], visible) if "text" in part else _cell(next(cells), visible)
        for part in results["document"]
    ]
    until = results["data_until"].replace("T", " ")[:16]
    last = f"Data until {until}, state {results['state'][:12]}."
    return "\n\n".join([*(part for part in parts if part), last]) + "\n"


def compiled(results: Results) -> str:
    """The SQL of each cell that has any, under its name."""
    parts = [
        f"-- {cell['name']}\n{cell['sql'].strip()}\n" for cell in results["cells"] if cell["sql"]
    ]
    return "\n".join(parts)


def _text(text: str, visible: Visible) -> str:
    return "\n".join(visible(line) for line in text.strip().splitlines())


def _cell(cell: Results, visible: Visible) -> str:
    words = f" · {cell['filter']}" if cell["filter"] else ""
    head = visible(f"[{cell['kind']} {cell['name']}{words}]")
    if cell["error"]:
        return f"{head}\nFailed: {visible(cell['error'])}"
    columns, rows = cell["columns"], cell["rows"]
    if len(rows) == 1 and len(columns) > MOST_COLUMNS:
        table = _lines(columns, rows[0], visible)
    else:
        named = [dict(zip(columns, row, strict=True)) for row in rows[:MOST_ROWS]]
        table = as_table(named, visible).rstrip("\n") or "(no rows)"
    more = cell["row_count"] - MOST_ROWS
    rest = [f"… and {more:,} more rows"] if more > 0 else []
    alerts = [f"! {visible(sentence)}" for sentence in cell["alerts"]]
    return "\n".join([head, table, *rest, *alerts])


def _lines(columns: Sequence[str], row: Sequence[Any], visible: Visible) -> str:
    """One value per line, for a row that is wider than a terminal."""
    pairs = [{"column": column, "value": value} for column, value in zip(columns, row, strict=True)]
    return as_table(pairs, visible).partition("\n")[2].rstrip("\n")
