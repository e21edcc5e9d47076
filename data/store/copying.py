"""Copies a store while it is open."""

from pathlib import Path

from data.store import privacy, temporary
from data.store.database import Store
from data.store.errors import EngineError
from data.store.names import cannot_be_a_store, shown
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
    part = temporary.beside(target)
    try:
        with store.cursor() as cursor:
            cursor.execute("attach ? as backup", [str(part)])
            try:
                cursor.execute("copy from database vouchers to backup")
            finally:
                cursor.execute("detach backup")
        privacy.tighten(part)
        part.replace(target)
    except (EngineError, OSError) as error:
        raise NotCopied(
            f"{shown(str(target))} cannot be written: {why(error, target.parent)}."
        ) from None
    finally:
        temporary.delete(part)
