"""The one store that this process owns, with sample data on a first start."""

import os
import tempfile
import threading
from datetime import date
from pathlib import Path

from data import sample
from data.load import Scope, load_together
from data.store import Store, default_path

_lock = threading.Lock()
_store: Store | None = None
_place: Path | None = None  # as it was said: resolving it takes longer than all the rest


def store() -> Store:
    """The store, opened on first use. Raises StoreUnavailable."""
    global _store, _place
    place = default_path()
    with _lock:
        if _store is None or _place != place:
            _close()
            opened = Store(place)
            if opened.is_new and os.environ.get("VOUCHERS_SAMPLE") != "0":
                fill_with_sample(opened, date.today())
            _store, _place = opened, place
        return _store


def close() -> None:
    """Give the store back, when the app stops."""
    with _lock:
        _close()


def fill_with_sample(empty: Store, today: date) -> None:
    """Load the made-up chain as it looks on `today`, through the import of real files."""
    with tempfile.TemporaryDirectory() as directory:
        files = sample.write(Path(directory), today)
        load_together(
            empty, [(file.path, Scope(file.folder, file.prefix, file.batch)) for file in files]
        )


def _close() -> None:
    global _store
    if _store is not None:
        _store.close()
        _store = None
