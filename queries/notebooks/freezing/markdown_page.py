"""A frozen notebook as Markdown for people: its texts, and the numbers of its cells as tables."""

from queries.notebooks.freezing.frozen_notebook import MOST_ROWS, Frozen
from queries.notebooks.freezing.plain import fenced, harmless, plain, table
from queries.notebooks.freezing.shown import Shown, Tile


def as_markdown(frozen: Frozen) -> str:
    """The file; charts are their sentences and their numbers."""
    parts = [f"# {plain(frozen.title)}"]
    parts += [f"**Alert:** {plain(alert)}" for alert in frozen.alerts()]
    for part in frozen.parts():
        if isinstance(part, Shown):
            parts += cell_as_markdown(part)
        else:
            parts.append(harmless(frozen.text_of(part)).strip())
    parts += ["## What these numbers rest on", facts_as_markdown(frozen)]
    return "\n\n".join(part for part in parts if part) + "\n"


def cell_as_markdown(cell: Shown, most: int = MOST_ROWS) -> list[str]:
    """A cell: its title, what it says, its numbers and its filter."""
    parts = [f"### {plain(cell.title)}", *sentences(cell)]
    parts += [_tile(tile) for tile in cell.tiles]
    if not cell.tiles:
        parts += numbers(cell, most)
    if cell.sql:
        parts.append(fenced(cell.sql, "sql"))
    return parts


def sentences(cell: Shown) -> list[str]:
    """What a cell says, or why it says nothing, and its filter."""
    filters = f"Filter: {plain(cell.in_words)}" if cell.in_words else ""
    return [*map(plain, cell.sentences), *([filters] if filters else [])]


def numbers(cell: Shown, most: int) -> list[str]:
    """The first rows of a cell, and how many there are."""
    if cell.table is None or not len(cell.table.columns):
        return []
    rest = cell.row_count - min(most, len(cell.table))
    further = [f"… and {rest:,} more rows"] if rest > 0 else []
    others = [
        part
        for rows in cell.others
        for part in (f"**{plain(rows.title)}**", table(rows.table, rows.kinds, most))
    ]
    return [table(cell.table, cell.kinds, most), *further, *others]


def facts_as_markdown(frozen: Frozen) -> str:
    """What the numbers rest on."""
    return "\n".join(f"- {name}: {plain(text)}" for name, text in frozen.facts())


def _tile(tile: Tile) -> str:
    change = f" ({plain(tile.change)})" if tile.change else ""
    beside = f" · {plain('; '.join(tile.beside))}" if tile.beside else ""
    return f"- {plain(tile.label)}: **{plain(tile.value)}**{change}{beside}"
