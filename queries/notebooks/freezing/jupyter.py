"""A frozen notebook as a notebook of Jupyter (nbformat 4.5), with its results in it."""

import html
from typing import Any

from queries.notebooks.freezing.frozen_notebook import MOST_ROWS, Frozen
from queries.notebooks.freezing.markdown_page import facts_as_markdown, numbers, sentences
from queries.notebooks.freezing.plain import harmless, plain
from queries.notebooks.freezing.shown import Shown
from queries.notebooks.freezing.tables import table_as_html

PLOTLY = "application/vnd.plotly.v1+json"
Cell = dict[str, Any]


def as_jupyter(frozen: Frozen) -> Cell:
    """The file as JSON: texts, and per cell its sentences, and its SQL with what it brought."""
    cells = [_markdown(f"# {plain(frozen.title)}")]
    for part in frozen.parts():
        if isinstance(part, Shown):
            words = [f"### {plain(part.title)}", *sentences(part)]
            cells += [_markdown("\n\n".join(words)), _code(part)]
        else:
            cells.append(_markdown(harmless(frozen.text_of(part))))
    cells.append(_markdown(f"## What these numbers rest on\n\n{facts_as_markdown(frozen)}"))
    numbered = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells, 1)]
    metadata = {"language_info": {"name": "sql"}, "title": frozen.title}
    return {"cells": numbered, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _markdown(text: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(cell: Shown) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"name": cell.name},
        "source": cell.sql,
        "outputs": [_output(data) for data in _results(cell)],
    }


def _output(data: Cell) -> Cell:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def _results(cell: Shown) -> list[Cell]:
    """The figures, the tiles and the table of a cell."""
    found: list[Cell] = [
        {PLOTLY: dict(plot.figure), "text/plain": f"{cell.title}. {plot.alt}"}
        for plot in cell.plots
    ]
    if cell.table is not None and len(cell.table.columns):
        caption = f"{cell.title}: {min(len(cell.table), MOST_ROWS):,} of {cell.row_count:,} rows"
        found.append(
            {
                "text/html": table_as_html(cell.table, cell.kinds, caption, MOST_ROWS),
                "text/plain": "\n\n".join(numbers(cell, MOST_ROWS)),
            }
        )
    found += [
        {
            "text/html": table_as_html(rows.table, rows.kinds, rows.title, MOST_ROWS),
            "text/plain": rows.title,
        }
        for rows in cell.others
    ]
    if cell.error:
        found.append({"text/html": f"<p>{html.escape(cell.error)}</p>", "text/plain": cell.error})
    return found
