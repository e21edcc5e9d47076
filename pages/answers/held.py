"""Results that a notebook's cell holds: it is drawn with them until it runs again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from queries.engine.service import Values
from queries.filters import Filters

Query = tuple[str, Filters, Values]


class OtherVersion(Exception):
    """The data have changed between two queries of a cell: its results are of no one state."""


@dataclass
class Held:
    """The results that a cell was drawn with, all of one version of the data.

    `ask` runs a query that is not held, where no page's session is: in a route, in a command. It
    gets filters with the access of the person, and `data_until` has to be given beside it.
    """

    frames: dict[Query, pd.DataFrame] = field(default_factory=dict)
    data_until: datetime | None = None
    version: int | None = None
    ask: Callable[[str, Filters, Values], pd.DataFrame] | None = None

    def keep(self, query: Query, frame: pd.DataFrame, version: int) -> None:
        """Keep a result for the next drawing. Raises OtherVersion."""
        self.begin(version)
        self.frames[query] = frame

    def begin(self, version: int) -> None:
        """Note the version of the data that everything is of. Raises OtherVersion."""
        if self.version is None:
            self.version = version
        if self.version != version:
            raise OtherVersion

    def result(self, query: Query) -> pd.DataFrame | None:
        """The result that is held, or that `ask` brings; None where a page has to fetch it."""
        if query not in self.frames and self.ask:
            self.frames[query] = self.ask(*query)
        return self.frames.get(query)

    def size(self) -> int:
        """About the bytes that the results take."""
        return sum(20_000 + 100 * frame.size for frame in self.frames.values())


_held: ContextVar[Held | None] = ContextVar("held", default=None)


@contextmanager
def holding(held: Held) -> Iterator[None]:
    """Have queries in the block answered by what is held, and their results held from now on."""
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)


def current() -> Held | None:
    """What is held where a cell is drawn; None elsewhere."""
    return _held.get()
