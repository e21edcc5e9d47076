"""The store that this process has locked, with sample data on a first start."""

import tempfile
import threading
from datetime import date
from pathlib import Path

from data import sample, sample_oddities
from data.importing.pipeline import load_together
from data.importing.scope import Scope
from data.store import settings
from data.store.database import Store

_lock = threading.Lock()
_store: Store | None = None
_path: Path | None = None  # as set: resolving it would be most of the time of store()


def store() -> Store:
    """The store, opened on first use. Raises StoreUnavailable."""
    global _store, _path
    path = settings.store_path()
    with _lock:
        if _store is None or _path != path:
            _close()
            opened = Store(path, for_pages=True)
            if opened.is_new and settings.wants_sample():
                fill_with_sample(opened, date.today())
            _store, _path = opened, path
        return _store


def close() -> None:
    """Close the store, when the app stops."""
    with _lock:
        _close()


def fill_with_sample(empty: Store, today: date) -> None:
    """Import the sample files of the year up to `today` into an empty store. Raises Refused."""
    with tempfile.TemporaryDirectory() as directory:
        files = sample.write(Path(directory), today)
        files += sample_oddities.write(Path(directory), today)
        scopes = [(file.path, Scope(file.folder, file.prefix, file.batch)) for file in files]
        load_together(empty, scopes, exported_at=sample.exported_at(today))


def _close() -> None:
    global _store
    if _store is not None:
        _store.close()
        _store = None
