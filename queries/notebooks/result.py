"""The results of a notebook: one per cell that is no text, all of one state of the data."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import pandas as pd

from queries.notebooks.document import Document
from queries.notebooks.meaning import Meaning

OK, FAILED = "ok", "failed"
MOST_ROWS = 1_000  # that a result shows; the row count is that of the whole result


class Import(NamedTuple):
    """An import in force, as a state of the data has it."""

    import_id: int
    file: str


def imports_in(frame: pd.DataFrame) -> tuple[Import, ...]:
    """The imports in the rows of state_imports."""
    ids, files = frame["import_id"], frame["file"]
    return tuple(Import(int(one), str(file)) for one, file in zip(ids, files, strict=True))


@dataclass(frozen=True)
class CellResult:
    """What a cell brought: its rows, or a sentence that says why there are none.

    `frame` has MOST_ROWS rows at most, `row_count` the number of all. `in_words` is the filter in
    force, `fired` a sentence per alert, `sql` what ran. `before` is the same row over the period of
    the same length before, of a numbers cell from which a text or an alert reads a change;
    `no_before` says why there is none.
    """

    meaning: Meaning
    status: str
    frame: pd.DataFrame | None
    row_count: int
    error: str = ""
    in_words: str = ""
    fired: tuple[str, ...] = ()
    sql: str = ""
    before: pd.DataFrame | None = None
    no_before: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the cell ran."""
        return self.status == OK


@dataclass(frozen=True)
class Run:
    """A notebook with its results, and the data that they rest on.

    `state` is the digest of the imports in force; `imports` names these, for who sees all rows.
    `ran_at` is the time by the clock.
    """

    document: Document
    results: tuple[CellResult, ...]
    state: str
    data_until: datetime
    imports: tuple[Import, ...]
    ran_at: datetime

    def named(self, name: str) -> CellResult | None:
        """The result of the first cell of that name, whatever its case."""
        same = (one for one in self.results if one.meaning.name.casefold() == name.casefold())
        return next(same, None)
