"""The list of imports beside the originals, so that they suffice to make the store anew."""

import contextlib
import json
from pathlib import Path
from typing import Any

import duckdb

NAME = "imports.json"


def imports(cursor: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The imports of a store, oldest first, one dictionary per row of the table."""
    cursor.execute("from vouchers.imports order by import_id")
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write(cursor: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the list. Where there is no room the old one stays; every start writes it again."""
    path = folder / NAME
    part = folder / f".{NAME}.part"
    text = json.dumps(imports(cursor), default=str, ensure_ascii=False, indent=1)
    with contextlib.suppress(OSError):
        part.write_text(text, "utf-8")
        part.replace(path)


def read(folder: Path) -> list[dict[str, Any]] | None:
    """The list that was written, or None where there is none that can be read."""
    try:
        found: list[dict[str, Any]] = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found
