"""Notebooks run on a store directly, and results written by hand."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from data.store.database import Store
from queries.access import EVERYTHING, Access
from queries.notebooks.document import read
from queries.notebooks.meaning import meanings
from queries.notebooks.result import FAILED, OK, CellResult, Run
from queries.notebooks.run import run
from queries.notebooks.sql import Sql

RAN_AT = datetime(2016, 6, 1, 12, 0)


def run_notebook(
    store: Store,
    text: str,
    overrides: Sequence[tuple[str, str]] = (),
    access: Access = EVERYTHING,
    sql_cells: Sql | None = None,
) -> Run:
    """The results of a notebook's text."""
    with store.cursor() as cursor:
        return run(
            read(text),
            cursor,
            RAN_AT,
            overrides=overrides,
            access=access,
            sql_cells=sql_cells,
        )


def values(run: Run, name: str) -> list[list[object]]:
    """The rows of a cell that has run."""
    result = run.named(name)
    assert result is not None
    assert result.frame is not None, result.error
    return [list(row) for row in result.frame.itertuples(index=False)]


def run_of(text: str, **frames: pd.DataFrame | str) -> Run:
    """A notebook with these results by the cells' names; a text is why a cell has failed."""
    document = read(text)
    results = [
        CellResult(meaning, FAILED, None, 0, frame)
        if isinstance(frame := frames[meaning.name], str)
        else CellResult(meaning, OK, frame, len(frame), in_words="All codes")
        for meaning in meanings(document)
    ]
    return Run(document, tuple(results), "digest", RAN_AT, (), RAN_AT)
