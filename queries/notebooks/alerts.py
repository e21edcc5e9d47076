"""Checks the alerts of a notebook: which have fired, and which cannot be checked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from queries.access import Access
from queries.engine.execute import Cursor
from queries.notebooks.document import Cell, Document
from queries.notebooks.keys import keys_of
from queries.notebooks.meaning import Meaning, meanings
from queries.notebooks.needed import needed
from queries.notebooks.result import CellResult
from queries.notebooks.rules import NotARule, fired, read_rule
from queries.notebooks.run import run
from queries.notebooks.sql import Sql

ALERT = "alert"  # the key of a cell with its rules


@dataclass(frozen=True)
class Checked:
    """What became of a notebook's alerts.

    `fired` has a sentence per alert that has fired, `not_checked` one per cell with alerts that
    failed: of these nobody knows.
    """

    fired: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()


def has_alerts(document: Document) -> bool:
    """Whether a cell of the notebook carries a rule."""
    return any(_carries(cell) for cell in document.cells)


def needs_sql(document: Document) -> bool:
    """Whether SQL has to run for the alerts."""
    return any(one.cell.kind == "sql" for one in _needed(meanings(document)))


def check(
    document: Document,
    cursor: Cursor,
    ran_at: datetime,
    access: Access,
    sql_cells: Sql | None = None,
    before_each: Callable[[], None] = lambda: None,
) -> Checked:
    """Run the cells that carry rules, and those that they need; raises StateChanged.

    `before_each` is called before each cell; what it raises ends the check.
    """

    def cells(found: Sequence[Meaning]) -> Iterator[Meaning]:
        for meaning in _needed(found):
            before_each()
            yield meaning

    done = run(document, cursor, ran_at, access=access, sql_cells=sql_cells, cells=cells)
    carrying = [result for result in done.results if _carries(result.meaning.cell)]
    return Checked(
        tuple(sentence for result in carrying for sentence in result.fired),
        tuple(_failed(result) for result in carrying if not result.is_ok),
    )


def sentences_of(
    meaning: Meaning, result: CellResult, rows: pd.DataFrame | None = None
) -> list[str]:
    """What a cell's rules say of its result: those that have fired, and those without an answer.

    `rows` are all rows, where the result has only the first ones.
    """
    texts = meaning.keys.texts_of(ALERT)
    if not texts:
        return []
    frame = result.frame if rows is None else rows
    if not result.is_ok or frame is None:
        return [_failed(result)]
    return [sentence for text in texts if (sentence := _sentence(text, result, frame))]


def _sentence(text: str, result: CellResult, rows: pd.DataFrame) -> str:
    try:
        return fired(read_rule(text), result, rows)
    except NotARule as error:
        return str(error)


def _needed(found: Sequence[Meaning]) -> list[Meaning]:
    return needed(found, lambda one: _carries(one.cell))


def _carries(cell: Cell) -> bool:
    """Whether a cell carries a rule; or may, where its keys cannot be read."""
    keys = keys_of(cell)
    return bool(keys.texts_of(ALERT)) or bool(keys.problem and f"{ALERT}:" in cell.body)


def _failed(result: CellResult) -> str:
    name, error = result.meaning.name, result.error or "it has no result."
    is_named = error.startswith(f"The alert of {name} ")
    return error if is_named else f"{name}: {error}"
