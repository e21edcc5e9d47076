"""Copies of an open store that other processes read, one per data version.

This process never opens a byte of the store or of a copy but by the engine: closing any
descriptor of the store's file would drop the lock on it, and let another process write to it.
"""

import contextlib
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

from data.store import privacy, temporary
from data.store.copying import NotCopied, copy_by_engine
from data.store.database import Store
from data.store.errors import EngineError, StoreBusy, StoreUnavailable
from data.store.reasons import why
from data.store.rows import InStore

WAITING = 60.0  # seconds for an import that runs
LONGEST = 600.0  # seconds of copying
SPARE = 64 * 1024**2  # bytes that stay free
NAME = "reading"
MOST_ROWS = 20_000_000  # that are copied from a lake, which takes about as long as an import
TOO_MANY = (
    "SQL cells read a copy of the data, and {:,} rows on a lake are too many for one. "
    "A chart or a pivot answers from all of them."
)
NO_ROOM = "There is no room for a copy of the data, which SQL cells read: make room on the disk."


@dataclass
class _Shared:
    """A copy, and how many hold it."""

    store: Store
    path: Path
    version: int
    holders: int = 0


class Copy:
    """One hold of a copy: its file is there until everybody has released theirs."""

    def __init__(self, copies: "Copies", shared: _Shared) -> None:
        self._copies = copies
        self._shared = shared
        self._is_held = True
        self.path = shared.path
        self.version = shared.version

    def release(self) -> None:
        """Say that the copy is not needed any more; it may be said again."""
        if self._is_held:
            self._is_held = False
            self._copies._release(self._shared)


class Copies:
    """The copies of stores: whoever asks for the same version of the data gets the same file."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._counting = threading.Lock()
        self._newest: _Shared | None = None

    def of(self, store: Store) -> Copy:
        """A copy of the store as it is now, made if there is none. Release it. Raises NotCopied.

        Waits for an import that runs.
        """
        with self._making:
            if held := self._held(store):
                return held
            try:
                with store.unchanged(WAITING) as version:
                    made = _Shared(store, _copied(store), version)
            except (StoreBusy, StoreUnavailable) as error:
                raise NotCopied(str(error)) from None
            with self._counting:
                self._newest = made
                return self._hold(made)

    def _held(self, store: Store) -> Copy | None:
        with self._counting:
            newest = self._newest
            is_current = newest and newest.store is store and newest.version == store.version
            return self._hold(newest) if newest and is_current and newest.path.exists() else None

    def _hold(self, shared: _Shared) -> Copy:
        shared.holders += 1
        return Copy(self, shared)

    def _release(self, shared: _Shared) -> None:
        with self._counting:
            shared.holders -= 1
            if not shared.holders:
                temporary.delete(shared.path)
                if self._newest is shared:
                    self._newest = None


def _copied(store: Store) -> Path:
    """Copy a store that nobody writes to. Raises NotCopied."""
    target = temporary.beside(store.scratch / NAME)
    try:
        _check_room(store)
        is_whole = isinstance(store.rows, InStore)
        if not is_whole:
            _check_not_too_many(store)
        if not is_whole or not all(_copy_file(*pair) for pair in _files(store.path, target)):
            temporary.delete(target)
            copy_by_engine(store, target)
    except (EngineError, OSError) as error:
        temporary.delete(target)
        reason = why(error, store.scratch)
        raise NotCopied(f"The data cannot be copied for SQL cells: {reason}.") from None
    except BaseException:
        temporary.delete(target)
        raise
    return target


def _files(store: Path, target: Path) -> list[tuple[Path, Path]]:
    """The files of a store and of its copy: the log has what is not in the first one yet."""
    files = [(path, path.with_name(path.name + ".wal")) for path in (store, target)]
    return [(source, copy) for source, copy in zip(*files, strict=True) if source.exists()]


def _check_room(store: Store) -> None:
    size = sum(source.stat().st_size for source, _ in _files(store.path, store.scratch / NAME))
    if shutil.disk_usage(store.scratch).free < size + SPARE:
        raise NotCopied(NO_ROOM)


def _check_not_too_many(store: Store) -> None:
    with store.cursor() as cursor:
        ((rows,),) = cursor.execute(
            "select sum(rows) from vouchers.files where until_import is null"
        ).fetchall()
    if rows > MOST_ROWS:
        raise NotCopied(TOO_MANY.format(rows))


def _copy_file(source: Path, target: Path) -> bool:
    """Have another process copy a file, without its bytes where the file system can share them."""
    program = shutil.which("cp")
    if program is None:
        return False
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, privacy.PRIVATE))
    with contextlib.suppress(subprocess.SubprocessError):
        done = subprocess.run(
            [program, "--reflink=auto", "--", str(source), str(target)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST,
            check=False,
        )
        return done.returncode == 0
    return False
