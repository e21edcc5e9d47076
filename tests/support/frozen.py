"""Notebooks that a test freezes: what their cells show, and the files that are written."""

from collections.abc import Sequence

import pandas as pd

from data.store.database import Store
from pages.cells.freezing import frozen_notebook
from pages.people.person import THIS_COMPUTER, Person
from queries.notebooks.document import read
from queries.notebooks.freezing.frozen_notebook import Frozen
from queries.notebooks.freezing.shown import Shown
from queries.notebooks.freezing.write import FORMS
from queries.notebooks.run import run
from queries.notebooks.sql import Earlier, Sql, SqlResult, SqlText
from tests.support.notebooks import RAN_AT

RECEIPT = "0123456789abcdef"


class SameRows:
    """Answers every SQL cell with the same rows."""

    def __init__(self, rows: pd.DataFrame, count: int) -> None:
        self.rows, self.count = rows, count

    def is_current(self) -> bool:
        return True

    def names(self, sql: str) -> Sequence[str]:
        return ()

    def run(self, cell: SqlText, earlier: Sequence[Earlier]) -> SqlResult:
        return SqlResult(self.rows, self.count)

    def compiled(self, cell: SqlText, earlier: Sequence[Earlier]) -> str:
        return cell.sql


def freeze(
    store: Store,
    text: str,
    person: Person = THIS_COMPUTER,
    overrides: Sequence[tuple[str, str]] = (),
    sql_cells: Sql | None = None,
) -> Frozen:
    """What a notebook's text shows to a person."""
    with store.cursor() as cursor:
        done = run(
            read(text),
            cursor,
            RAN_AT,
            overrides=overrides,
            access=person.access,
            sql_cells=sql_cells,
        )
        return frozen_notebook(done, cursor, person, RECEIPT, overrides)


def cell(frozen: Frozen, name: str) -> Shown:
    """What the cell of that name shows."""
    (found,) = [one for one in frozen.shown if one.name == name]
    return found


def written(frozen: Frozen, form: str) -> bytes:
    """The file in one of the forms."""
    return FORMS[form].write(frozen)
