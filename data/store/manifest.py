"""The list of imports beside the originals: with it they suffice to rebuild the store."""

import contextlib
import json
from pathlib import Path
from typing import Any

from data.store.sql import Cursor

NAME = "imports.json"

ImportRow = dict[str, Any]  # a row of vouchers.imports by its columns


def imports(cursor: Cursor) -> list[ImportRow]:
    """The imports of a store, oldest first, one dictionary per row of the table."""
    cursor.execute("from vouchers.imports order by import_id")
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write(cursor: Cursor, folder: Path) -> None:
    """Write the list into `folder`.

    Where the disk is full the old list stays; the next start of the app writes it.
    """
    path = folder / NAME
    part = folder / f".{NAME}.part"
    text = json.dumps(imports(cursor), default=str, ensure_ascii=False, indent=1)
    with contextlib.suppress(OSError):
        part.write_text(text, "utf-8")
        part.replace(path)


def read(folder: Path) -> list[ImportRow] | None:
    """The list in `folder`, or None where there is none that can be read."""
    try:
        found: list[ImportRow] = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found
