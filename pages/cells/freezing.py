"""Freezes a notebook that has run: what its cells show, of the same data, for one person."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from pages.answers.held import Held
from pages.cells.shown import MOST_VALUES, NO_RIGHT, shown, without_rows
from pages.people.current import acting_for
from pages.people.person import Person
from queries.engine.execute import Cursor, EngineError, renew_snapshot
from queries.engine.service import QueryFailed, Values
from queries.engine.totals import run as run_query
from queries.filters import Filters
from queries.notebooks.choice import choice_of_notebook
from queries.notebooks.freezing.frozen_notebook import Frozen
from queries.notebooks.freezing.write import FORMS
from queries.notebooks.printed import Freeze
from queries.notebooks.result import FAILED, Run
from queries.notebooks.run import ALWAYS_CHANGED, StateChanged, state_of


def frozen_notebook(
    run: Run,
    cursor: Cursor,
    person: Person,
    receipt: str = "",
    overrides: Sequence[tuple[str, str]] = (),
) -> Frozen:
    """What a notebook shows to a person, computed where there is no page.

    `cursor` is in the snapshot of the run. Raises StateChanged.
    """
    asking = _Asking(cursor, run)
    held = Held(data_until=run.data_until, ask=asking.ask)
    with acting_for(person):
        cells = [without_rows(shown(one.meaning, held, one)) for one in run.results]
    if asking.has_failed and state_of(cursor, person.access) != run.state:
        raise StateChanged(ALWAYS_CHANGED)
    # What is left out must not stand in texts and in the results inside the file either.
    results = tuple(
        replace(result, status=FAILED, frame=None, row_count=0, error=cell.error, fired=())
        if cell.error == NO_RIGHT
        else result
        for result, cell in zip(run.results, cells, strict=True)
    )
    choice = choice_of_notebook(run.document.filter, overrides)
    words = choice.filters.in_words(MOST_VALUES)
    of_all = replace(run, results=results)
    return Frozen(of_all, cells, words, choice.query(), receipt, overrides)


def freezing(cursor: Cursor, person: Person, overrides: Sequence[tuple[str, str]] = ()) -> Freeze:
    """What writes a run, which has left the cursor in its snapshot, for a person."""

    def freeze(run: Run, form: str, receipt: str) -> bytes:
        return FORMS[form].write(frozen_notebook(run, cursor, person, receipt, overrides))

    return freeze


class _Asking:
    """Runs the queries of cells on the cursor of a run."""

    def __init__(self, cursor: Cursor, run: Run) -> None:
        self._cursor = cursor
        self._data_until = run.data_until
        self.has_failed = False

    def ask(self, name: str, filters: Filters, values: Values) -> pd.DataFrame:
        """The result of a query. Raises QueryFailed: the engine's own message may quote a code."""
        try:
            return run_query(self._cursor, name, filters, self._data_until, **dict(values))
        except EngineError as error:
            self.has_failed = True
            renew_snapshot(self._cursor)
            raise QueryFailed(f"{name}.sql: {type(error).__name__}") from None
