"""What the cells of notebooks brought last, shared by the tabs of one person, in memory only."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from cachetools import LRUCache

from pages.answers.held import Held
from pages.people.person import Person
from queries.notebooks.sql import SqlResult

MOST = 256 * 1024 * 1024  # bytes of all results
LEAST = 10_000  # bytes of a cell's result


class Of(NamedTuple):
    """Whose result of which cell: somebody else may see other rows."""

    person: Person
    notebook: str
    cell: str


@dataclass
class Brought:
    """A cell's result, and what it is of.

    `key` is the digest of the cell's text, of those that it names, and of its filter; `state` that
    of the data. `rows` has the result of an SQL cell, `error` a sentence where the cell failed.
    """

    key: str
    state: str
    held: Held = field(default_factory=Held)
    rows: SqlResult | None = None
    totals: dict[str, int] = field(default_factory=dict)  # of the columns of `rows`
    error: str = ""
    is_of_earlier: bool = False  # the error is that of a cell that is read: both may be over soon
    place: tuple[int, int] | None = None  # line and column of an error in SQL
    timed_out: bool = False
    data_until: datetime | None = None

    def size(self) -> int:
        """About the bytes that it takes."""
        rows = 100 * self.rows.rows.size if self.rows else 0
        return min(MOST, LEAST + self.held.size() + rows)


class Results:
    """The results by their cells; the ones that were used least recently are forgotten."""

    def __init__(self) -> None:
        """It is empty."""
        self._lock = threading.Lock()
        self._kept: LRUCache[Of, Brought] = LRUCache(MOST, lambda brought: brought.size())

    def get(self, of: Of) -> Brought | None:
        """The last result of a cell."""
        with self._lock:
            return self._kept.get(of)

    def put(self, of: Of, brought: Brought) -> None:
        """Keep a result in place of the one before."""
        with self._lock:
            self._kept[of] = brought

    def forget(self, of: Of) -> None:
        """Forget a result: the cell runs again."""
        with self._lock:
            self._kept.pop(of, None)


results = Results()
