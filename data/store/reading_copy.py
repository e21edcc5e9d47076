"""Copies of an open store that other processes read, one per data version.

Where a lake has too many rows for one, there is a copy per data version and choice of rows.

This process never opens a byte of the store or of a copy but by the engine: closing any
descriptor of the store's file would drop the lock on it, and let another process write to it.
"""

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

from data.store import privacy, temporary
from data.store.copying import NotCopied, copy_by_engine
from data.store.database import Store
from data.store.errors import EngineError, StoreBusy, StoreUnavailable
from data.store.lake import files
from data.store.lake.lake import Lake
from data.store.lake.near import Paths
from data.store.lake.slicing import Choice, TooManyRows, write_slice
from data.store.reasons import why

WAITING = 60.0  # seconds for an import that runs
LONGEST = 600.0  # seconds of copying
SPARE = 64 * 1024**2  # bytes that stay free
NAME = "reading"
MOST_ROWS = 20_000_000  # that are copied from a lake, which takes about as long as an import
TOO_MANY = (
    "SQL cells read a copy of the data, and {:,} rows on a lake are too many for one. "
    "A chart or a pivot answers from all of them."
)
TOO_MANY_CHOSEN = (
    "SQL cells read a copy of the rows that their filters choose: here {:,}, and {:,} are the "
    "most. Narrow the filter of the cell, and of the cells that it reads; a chart or a pivot "
    "answers from all rows."
)
CANNOT = "The data cannot be copied for SQL cells: {}."
NO_ROOM = "There is no room for a copy of the data, which SQL cells read: make room on the disk."

Choose = Callable[[], Sequence[Choice]]


@dataclass
class _Shared:
    """A copy, and how many hold it. `key` stands for the chosen rows; None for all."""

    store: Store
    path: Path
    version: int
    key: str | None
    holders: int = 0


class Copy:
    """One hold of a copy: its file is there until everybody has released theirs."""

    def __init__(self, copies: "Copies", shared: _Shared) -> None:
        self._copies = copies
        self._shared = shared
        self._is_held = True
        self.path = shared.path
        self.version = shared.version
        self.is_slice = shared.key is not None

    def release(self) -> None:
        """Say that the copy is not needed any more; it may be said again."""
        if self._is_held:
            self._is_held = False
            self._copies._release(self._shared)


class Copies:
    """Copies of stores: who asks for the same version and rows of the data gets the same file."""

    def __init__(self) -> None:
        # While somebody makes a copy, others wait who want the same one.
        self._making: WeakValueDictionary[str | None, threading.Lock] = WeakValueDictionary()
        self._counting = threading.Lock()
        self._there: list[_Shared] = []

    def of(self, store: Store, choose: Choose | None = None) -> Copy:
        """A copy of the store as it is now, made if there is none. Release it. Raises NotCopied.

        Of a lake with too many rows for one it has those alone that `choose` names, which is
        called for nothing else. Waits for an import that runs.
        """
        try:
            choices = choose() if choose and _has_too_many(store) else None
            key = None if choices is None else _key(choices)
            with self._lock_of(key):
                if held := self._held(store, key):
                    return held
                path, version = _copied(store) if choices is None else _sliced(store, choices)
                with self._counting:
                    made = _Shared(store, path, version, key)
                    self._there.append(made)
                    return self._hold(made)
        except (StoreBusy, StoreUnavailable) as error:
            raise NotCopied(str(error)) from None

    def _lock_of(self, key: str | None) -> threading.Lock:
        with self._counting:
            return self._making.setdefault(key, threading.Lock())

    def _held(self, store: Store, key: str | None) -> Copy | None:
        wanted = (store, store.version, key)
        with self._counting:
            for shared in self._there:
                is_it = (shared.store, shared.version, shared.key) == wanted
                if is_it and shared.path.exists():
                    return self._hold(shared)
        return None

    def _hold(self, shared: _Shared) -> Copy:
        shared.holders += 1
        return Copy(self, shared)

    def _release(self, shared: _Shared) -> None:
        with self._counting:
            shared.holders -= 1
            if not shared.holders:
                temporary.delete(shared.path)
                self._there.remove(shared)


def _key(choices: Sequence[Choice]) -> str:
    """The same text for the same rows. The codes of a list have a name that no other list gets."""
    return repr(sorted({repr((one.kind, sorted(one.filters.items()))) for one in choices}))


def _copied(store: Store) -> tuple[Path, int]:
    """Copy a store, to which nobody writes meanwhile. Returns its version too. Raises NotCopied."""
    target = temporary.beside(store.scratch / NAME)
    with _deleted_if_not_made(store, target), store.unchanged(WAITING) as version:
        _copy_all(store, target)
    return target, version


def _sliced(store: Store, choices: Sequence[Choice]) -> tuple[Path, int]:
    """Copy the chosen rows of a lake. Returns the version of the data too. Raises NotCopied.

    Imports go on meanwhile: the cursor keeps the files of these data.
    """
    assert isinstance(store.rows, Lake)
    target = temporary.beside(store.scratch / NAME)
    with _deleted_if_not_made(store, target), ExitStack() as open_:
        with store.unchanged(WAITING) as version:
            paths = store.rows.paths(open_.enter_context(store.cursor()))
        copy_slice(paths, target, choices)
    return target, version


@contextmanager
def _deleted_if_not_made(store: Store, target: Path) -> Iterator[None]:
    """Delete a copy that fails, and say why. Raises NotCopied."""
    try:
        yield
    except (EngineError, OSError) as error:
        temporary.delete(target)
        reason = why(error, store.scratch)
        raise NotCopied(CANNOT.format(reason)) from None
    except BaseException:
        temporary.delete(target)
        raise


def _copy_all(store: Store, target: Path) -> None:
    _check_room(store)
    is_on_lake = isinstance(store.rows, Lake)
    if is_on_lake and _has_too_many(store):
        raise NotCopied(TOO_MANY.format(_rows_on_lake(store)))
    if is_on_lake or not all(_copy_file(*pair) for pair in _files(store.path, target)):
        temporary.delete(target)
        copy_by_engine(store, target)


def copy_slice(paths: Paths, target: Path, choices: Sequence[Choice]) -> None:
    """Copy the chosen rows of the files of a lake, which must stay. Raises NotCopied, EngineError.

    What does not fit memory goes into the folder of `target`.
    """
    if shutil.disk_usage(target.parent).free < SPARE:
        raise NotCopied(NO_ROOM)
    try:
        write_slice(target, paths, choices, MOST_ROWS, target.parent)
    except TooManyRows as error:
        raise NotCopied(TOO_MANY_CHOSEN.format(error.rows, MOST_ROWS)) from None
    privacy.tighten(target)


def _files(store: Path, target: Path) -> list[tuple[Path, Path]]:
    """The files of a store and of its copy: the log has what is not in the first one yet."""
    files = [(path, path.with_name(path.name + ".wal")) for path in (store, target)]
    return [(source, copy) for source, copy in zip(*files, strict=True) if source.exists()]


def _check_room(store: Store) -> None:
    size = sum(source.stat().st_size for source, _ in _files(store.path, store.scratch / NAME))
    if shutil.disk_usage(store.scratch).free < size + SPARE:
        raise NotCopied(NO_ROOM)


def _has_too_many(store: Store) -> bool:
    """Whether a lake has more rows than are copied. A store's own file is copied as it is."""
    return isinstance(store.rows, Lake) and _rows_on_lake(store) > MOST_ROWS


def _rows_on_lake(store: Store) -> int:
    with store.cursor() as cursor:
        return files.row_count(cursor)


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
