"""Moves the rows of a store to a lake and back, whole, or leaves everything as it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from data.store.database import Store
from data.store.errors import EngineError, StoreUnavailable
from data.store.lake.lake import Lake
from data.store.lake.placing import lake_of
from data.store.reasons import why
from data.store.settings import PARQUET
from data.store.sql import Cursor, run_script


class NotMoved(Exception):
    """The rows are where they were; the text says why."""


def to_lake(path: Path) -> int:
    """Move the rows of the store at `path` to its lake. Returns how many. Raises NotMoved."""
    return _moved(path, "", Lake.enter)


def to_store(path: Path) -> int:
    """Move the rows at its lake into the store. Returns how many. Raises NotMoved."""
    return _moved(path, PARQUET, Lake.leave)


def _moved(path: Path, engine: str, move: Callable[[Lake, Cursor], None]) -> int:
    try:
        store = Store(path, engine=engine)
    except StoreUnavailable as error:
        raise NotMoved(str(error)) from None
    try:
        store.rows = lake = lake_of(store.path)
        lake.folder.make()
        with store.writing() as cursor:
            before = _digest(cursor)
            move(lake, cursor)
            if _digest(cursor) != before:
                raise NotMoved("the rows would not be the same after the move.")
    except (EngineError, OSError) as error:
        raise NotMoved(f"the rows cannot be moved: {why(error, path.parent)}.") from None
    except StoreUnavailable as error:
        raise NotMoved(str(error)) from None
    finally:
        store.close()
    return sum(rows for _, rows, _ in before)


def _digest(cursor: Cursor) -> list[tuple[Any, ...]]:
    return run_script(cursor, "store/lake/digest")
