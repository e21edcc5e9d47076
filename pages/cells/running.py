"""One drawing of a notebook: its cells' meanings, and their results so far with the keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from pages.answers.fetch import data_until, data_version, fetch
from pages.answers.held import Held
from pages.cells.marks import Mark, cache_keys
from pages.cells.opened import Opened
from pages.cells.results import Brought, Of, results
from pages.cells.uses import uses
from pages.people.current import person
from pages.people.person import Person
from queries.filters import Filters
from queries.notebooks.choice import Pairs, pairs_of
from queries.notebooks.document import Cell, Document
from queries.notebooks.meaning import Meaning, meanings
from queries.notebooks.result import FAILED, CellResult, Run
from queries.notebooks.sql import all_read


@dataclass
class Running:
    """A notebook as it is drawn now. `state` is the digest of the data, `version` their number."""

    known: Opened
    who: Person
    meanings: list[Meaning]
    keys: dict[str, str]
    state: str
    version: int
    data_until: datetime
    overrides: Pairs  # the filters in force, as far as they are others than the notebook's
    done: list[CellResult] = field(default_factory=list)
    rows: dict[str, pd.DataFrame] = field(default_factory=dict)  # all rows, for SQL
    stale: set[str] = field(default_factory=set)  # the drawn cells with results of other data

    def __post_init__(self) -> None:
        self.by_cell = {id(meaning.cell): meaning for meaning in self.meanings}

    def of(self, meaning: Meaning) -> Of:
        """Whose result of which cell."""
        return Of(self.who, self.known.name, meaning.name.casefold())

    def brought(self, meaning: Meaning) -> Brought | None:
        """The last result of a cell, if it is one of the cell as it is now."""
        last = results.get(self.of(meaning))
        return last if last and last.key == self.keys[meaning.name.casefold()] else None

    def begin(self, meaning: Meaning) -> Brought:
        """A result to be filled by drawing the cell: of the data as they are, and as it reads them.

        What SQL reads of a cell with older results is of these, and so is what comes of it.
        """
        older = [one for read in self.stale_for(meaning) if (one := self.brought(read))]
        of = older[0] if older else self
        return Brought(
            self.keys[meaning.name.casefold()],
            of.state,
            Held(data_until=self.data_until, version=self.version),
            data_until=of.data_until,
        )

    def read_by(self, meaning: Meaning) -> set[str]:
        """The names of the earlier cells that a cell reads, directly or by others."""
        by_name = {one.name.casefold(): one for one in self.meanings}
        return all_read(uses(meaning), lambda name: uses(by_name[name]) if name in by_name else ())

    def stale_for(self, meaning: Meaning) -> list[Meaning]:
        """The cells that SQL reads the rows of, and that have them of other data than these."""
        if meaning.cell.kind != "sql":
            return []
        read = self.read_by(meaning)
        return [
            one
            for one in self.meanings
            if one.cell.kind not in ("sql", "control")  # of these SQL reads what they say
            and one.name.casefold() in read
            and (brought := self.brought(one)) is not None
            and brought.state != self.state
        ]

    def mark(self, brought: Brought) -> Mark:
        """Whether a result that is there is one of the data as they are."""
        if brought.error:
            return Mark.FAILED
        return Mark.FRESH if brought.state == self.state else Mark.STALE

    def note(self, result: CellResult, rows: pd.DataFrame) -> None:
        """Let the texts and cells that are drawn later read a result, and SQL all its rows."""
        self.done.append(result)
        self.rows[result.meaning.name.casefold()] = rows

    def fail(self, meaning: Meaning, sentence: str) -> None:
        """Let them know why a cell has no result."""
        self.done.append(CellResult(meaning, FAILED, None, 0, sentence))

    def run(self) -> Run:
        """The results of the cells that are drawn already, for texts and SQL."""
        now = datetime.now()
        document, done = self.known.document, tuple(self.done)
        return Run(document, done, self.state, self.data_until, (), now)

    def meaning_of(self, cell: Cell) -> Meaning:
        """The meaning of a cell that is no text."""
        return self.by_cell[id(cell)]


def running_of(known: Opened, in_force: Sequence[tuple[str, str]]) -> Running:
    """The notebook with the filters in force instead of its own. Raises StoreUnavailable."""
    version, overrides = data_version(), overrides_of(known.document, in_force)
    found = meanings(known.document, overrides)
    state = str(fetch("state", Filters())["digest"][0])
    keys = cache_keys(found, uses)
    return Running(known, person(), found, keys, state, version, data_until(), overrides)


def overrides_of(document: Document, in_force: Sequence[tuple[str, str]]) -> Pairs:
    """What stands in for the notebook's filter, so that exactly these filters are in force."""
    own = {name for name, _ in pairs_of(document.filter)}
    gone = [(name, "") for name in sorted(own - {name for name, _ in in_force})]
    return [*in_force, *gone]
