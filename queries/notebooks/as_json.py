"""A run of a notebook as JSON: what the command prints, and what a frozen file has inside."""

import json
import re
from typing import Any

import pandas as pd

from queries.notebooks.references import filled
from queries.notebooks.result import CellResult, Run

Results = dict[str, Any]

SCRIPT = "notebook-run"  # the id of the script of a frozen HTML file that holds the results
_EMBEDDED = re.compile(
    rf'<script type="application/json" id="{SCRIPT}">(?P<json>[^<]*)</script>'.encode()
)


def as_json(run: Run, overrides: list[tuple[str, str]] | None = None, receipt: str = "") -> Results:
    """The results of a run, of what JSON can hold; dates in ISO form.

    `document` has the order: texts with their live numbers, and the names of cells. `overrides`
    are the parameters that stood in for those of the notebook's filter.
    """
    return {
        "title": run.document.title,
        "filter": run.document.filter,
        "overrides": [list(pair) for pair in overrides or []],
        "cells": [_of_cell(result) for result in run.results],
        "state": run.state,
        "data_until": run.data_until.isoformat(),
        "ran_at": run.ran_at.isoformat(timespec="seconds"),
        "imports": [one._asdict() for one in run.imports],
        "alerts": [sentence for result in run.results for sentence in result.fired],
        "document": _document(run),
        "receipt": receipt,
    }


def embedded(results: Results) -> str:
    """The script of an HTML file that holds the results, which no text of theirs can end."""
    text = json.dumps(results, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="{SCRIPT}">{text}</script>'


def results_in(content: bytes) -> Results | None:
    """The results that a frozen file holds, HTML or JSON; None where it holds none."""
    found = _EMBEDDED.search(content)
    try:
        results = json.loads(found["json"] if found else content)
    except (ValueError, RecursionError):
        return None
    is_one = isinstance(results, dict) and isinstance(results.get("cells"), list)
    return results if is_one and isinstance(results.get("state"), str) else None


def _of_cell(result: CellResult) -> Results:
    frame = result.frame if result.frame is not None else pd.DataFrame()
    return {
        "name": result.meaning.name,
        "kind": result.meaning.cell.kind,
        "status": result.status,
        "columns": [str(column) for column in frame.columns],
        "rows": _rows(frame),
        "row_count": result.row_count,
        "error": result.error or None,
        "filter": result.in_words,
        "alerts": list(result.fired),
        "sql": result.sql,
    }


def _rows(frame: pd.DataFrame) -> list[list[Any]]:
    plain = frame.set_axis(range(frame.shape[1]), axis="columns")  # two columns may share a name
    text = plain.to_json(
        orient="values", date_format="iso", date_unit="s", double_precision=15, default_handler=str
    )
    rows: list[list[Any]] = json.loads(text)
    return rows


def _document(run: Run) -> list[dict[str, str]]:
    """Texts with their live numbers and names of cells, in the notebook's order."""
    return [
        {"text": filled(cell.body, run)} if cell.is_text else {"cell": cell.name}
        for cell in run.document.cells
    ]
