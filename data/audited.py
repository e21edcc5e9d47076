"""What changes the store or copies it, recorded in the audit log with who did it.

The app and its commands import, take back and copy by these functions alone, as a house test
enforces. None of it happens where it cannot be recorded.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from data.importing.input_file import UTF8
from data.importing.pipeline import load
from data.importing.progress import Stop
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.replay import undo
from data.store import audit, copying
from data.store.audit import Event, NotRecorded
from data.store.copying import NotCopied
from data.store.database import Store
from data.store.errors import Refused, StoreUnavailable
from data.store.progress import Progress, ignore_progress


def import_file(
    store: Store,
    path: Path,
    scope: Scope,
    who: str,
    *,
    name: str | None = None,
    encoding: str = UTF8,
    exported_at: datetime | None = None,
    progress: Progress = ignore_progress,
    stop: Stop | None = None,
) -> ImportResult:
    """Import a file, as load() does. Raises Refused, StoreUnavailable.

    The log names no file, whose name could be a code: the list of imports has it by the ID.
    """
    size = _size(path)
    audit.record(store.path, Event.IMPORT_BEGAN, who, bytes=size)
    try:
        result = load(
            store,
            path,
            scope,
            name=name,
            encoding=encoding,
            exported_at=exported_at,
            progress=progress,
            stop=stop,
        )
    except BaseException as error:
        _note(store, Event.IMPORT_REFUSED, who, bytes=size, reason=_reason(error))
        raise
    counts = {key: value for key, value in result.as_row().items() if key != "file"}
    if _note(store, Event.IMPORTED, who, **counts, bytes=size):
        return result
    warning = "it is stored, but the audit log could not be written: it has the beginning alone."
    return replace(result, warnings=(*result.warnings, warning))


def take_back(store: Store, import_id: int, who: str, progress: Progress = ignore_progress) -> None:
    """Take an import back, as undo() does. Raises Refused."""
    with audit.recorded(store.path, Event.TAKEN_BACK, who, import_id=import_id):
        undo.undo(store, {import_id}, progress)


def clear_sample(store: Store, who: str) -> None:
    """Take the sample data out. Raises Refused."""
    with audit.recorded(store.path, Event.SAMPLE_CLEARED, who):
        undo.clear_sample(store)


def backup(store: Store, target: Path, who: str) -> None:
    """Copy the store to `target`. Raises NotCopied."""
    with _copied(), audit.recorded(store.path, Event.BACKUP, who, to=target):
        copying.backup(store, target)


@contextlib.contextmanager
def _copied() -> Iterator[None]:
    try:
        yield
    except NotRecorded as error:
        raise NotCopied(f"Nothing was copied: {error}") from None


def _note(store: Store, event: Event, who: str, **facts: object) -> bool:
    """Record what has happened already. Returns whether that could be done."""
    try:
        audit.record(store.path, event, who, **facts)
    except NotRecorded:
        return False
    return True


def _size(path: Path) -> int:
    """The bytes of a file; 0 where it cannot be read, for which load() has a sentence."""
    with contextlib.suppress(OSError, ValueError):
        return path.stat().st_size
    return 0


def _reason(error: BaseException) -> str:
    """Why a file was refused, without words that may quote it."""
    return str(error) if isinstance(error, Refused | StoreUnavailable) else type(error).__name__
