"""Copies a store while it is open."""

import os
from pathlib import Path

from data.store import privacy, temporary
from data.store.database import Store
from data.store.errors import EngineError
from data.store.names import cannot_be_a_store, shown
from data.store.originals import base_name
from data.store.reasons import why


class NotCopied(Exception):
    """The copy could not be made; the text says why."""


def backup(store: Store, target: Path) -> None:
    """Write a copy of the store, as it is at this moment, to `target`. Raises NotCopied."""
    if problem := cannot_be_a_store(target):
        raise NotCopied(f"{problem} Name another file.")
    log = target.with_name(target.name + ".wal")
    for there in (target, log):  # the engine would read the log of another store into the copy
        if there.exists():
            raise NotCopied(f"{shown(str(there))} is there already. Name another file.")
    key, copied_key = key_of(store.path), key_of(target)
    if key.exists() and copied_key.exists() and key.read_bytes() != copied_key.read_bytes():
        raise NotCopied(f"{shown(str(copied_key))} is there already. Name another file.")
    part = temporary.beside(target)
    try:
        copy_by_engine(store, part)
        _copy_key(key, copied_key)
        part.replace(target)
    except (EngineError, OSError) as error:
        raise NotCopied(
            f"{shown(str(target))} cannot be written: {why(error, target.parent)}."
        ) from None
    finally:
        temporary.delete(part)


def copy_by_engine(store: Store, target: Path) -> None:
    """Write the store, as it is at this moment, to a file of its own. Raises EngineError.

    The copy holds its rows itself, also where those of the store lie on a lake.
    """
    with store.cursor() as cursor:
        cursor.execute("attach ? as copied", [str(target)])
        try:
            cursor.execute("copy from database vouchers to copied")
        finally:
            cursor.execute("detach copied")
        store.rows.settle(target)
    privacy.tighten(target)


def key_of(store: Path) -> Path:
    """The key under which receipts hide codes, beside the store: without it no leak is traced."""
    resolved = store.resolve()
    return resolved.with_name(base_name(resolved) + ".key")


def _copy_key(key: Path, target: Path) -> None:
    if key.exists() and not target.exists():
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
        with os.fdopen(os.open(target, flags, 0o600), "wb") as file:
            file.write(key.read_bytes())
