"""What the engine needs of a store."""

from pathlib import Path
from typing import Protocol

from queries.engine.execute import Cursor


class Source(Protocol):
    """An open store, as data/store/database.py has it."""

    path: Path
    scratch: Path  # a folder for temporary files

    @property
    def version(self) -> int:
        """The data version: another number after every change of the data."""
        ...

    def cursor(self) -> Cursor:
        """A cursor for one task, closed by whoever takes it."""
        ...
