"""The folder of a lake: files are written once, and deleted when nobody can read them any more."""

import contextlib
import os
import secrets
import weakref
from collections.abc import Collection, Iterable
from pathlib import Path

from data.store import privacy
from data.store.names import is_text, shown
from data.store.sql import PATTERN, Cursor

JOURNAL = ".rows.journal"


def cannot_be_a_lake(folder: Path) -> str | None:
    """Why the engine could not read files in this folder, as a sentence; None where it could."""
    if is_text(folder) and not PATTERN & set(str(folder)):
        return None
    return (
        f"{shown(str(folder))} cannot be the folder of the rows: the database engine takes a "
        f"{', a '.join(sorted(PATTERN))} in its path for something else, or it is not UTF-8 text."
    )


class Folder:
    """The files of one store's rows.

    The journal beside the store names the files that may be nobody's: those that are being
    written, and those that were dropped. What the store does not name is deleted.
    """

    def __init__(self, path: Path, journal: Path) -> None:
        self.path = path
        self._journal = journal
        self._fresh: list[str] = []  # written by the transaction that runs
        self._dropped: list[str] = []  # nobody's when it commits
        # Readers of the data as they were, and the files that only they can need.
        self._retired: list[tuple[weakref.WeakSet[Cursor], list[str]]] = []

    def make(self) -> None:
        """Make the folder, if it is not there. Raises OSError."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def file(self, name: str) -> Path:
        """The path of a file."""
        return self.path / name

    def new_file(self, kind: str) -> Path:
        """A path for new rows, which no other file has. The journal names it."""
        name = f"{kind}-{secrets.token_hex(8)}.parquet"
        self._fresh.append(name)
        self._note([name])
        return self.path / name

    def drop(self, names: Iterable[str]) -> None:
        """These files are nobody's, once the transaction commits."""
        if names := list(names):
            self._dropped += names
            self._note(names)

    def sync(self) -> None:
        """Have what was written be on the disk before the transaction commits."""
        for path in [*(self.path / name for name in self._fresh), self.path]:
            with contextlib.suppress(FileNotFoundError):
                handle = os.open(path, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def committed(self, readers: Iterable[Cursor]) -> None:
        """The dropped files go as soon as the last of the readers has gone."""
        if self._dropped:
            self._retired.append((weakref.WeakSet(readers), self._dropped))
        self._fresh, self._dropped = [], []
        for gone in (pair for pair in self._retired if not pair[0]):
            self._delete(gone[1])
        self._retired = [pair for pair in self._retired if pair[0]]

    def rolled_back(self) -> None:
        """The files that were written are nobody's."""
        self._delete(self._fresh)
        self._fresh, self._dropped = [], []

    def unknown(self) -> None:
        """Whether the files are in force is known at the next start, from the journal."""
        self._fresh, self._dropped = [], []

    def closed(self) -> None:
        """The dropped files go: there are no readers any more."""
        for _, names in self._retired:
            self._delete(names)
        self._retired = []

    def sweep(self, named: Collection[str]) -> None:
        """Delete what a killed process has left: files of the journal that nothing names."""
        noted = self._noted()
        self._delete(name for name in noted if name not in named)
        self._journal.unlink(missing_ok=True)

    def _delete(self, names: Iterable[str]) -> None:
        for name in names:
            with contextlib.suppress(OSError):
                (self.path / name).unlink(missing_ok=True)

    def _note(self, names: list[str]) -> None:
        """Add names to the journal, on the disk before what they name."""
        flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND
        with os.fdopen(os.open(self._journal, flags, privacy.PRIVATE), "w") as journal:
            journal.writelines(f"{name}\n" for name in names)
            journal.flush()
            os.fsync(journal.fileno())

    def _noted(self) -> list[str]:
        try:
            lines = self._journal.read_text("utf-8").splitlines()
        except OSError:
            return []
        return [line for line in lines if line.endswith(".parquet") and "/" not in line]
