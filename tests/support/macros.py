"""Copies the macros of a store to the next ones: the engine binds and creates each slowly."""

import tempfile
import threading
from pathlib import Path

from data.store import opening
from data.store.sql import Cursor, run_script

MACROS = [f"store/macros/{name}" for name in opening.MACROS]
# Macros that bind to these columns bind to the same ones of another store.
COLUMNS = """
select schema_name, table_name, column_name, data_type, is_nullable
from duckdb_columns() where database_name = 'vouchers' order by all
"""

_creating = threading.Lock()
_folder: list[tempfile.TemporaryDirectory[str]] = []
_files: dict[tuple[tuple[object, ...], ...], Path] = {}


def copy_macros() -> None:
    """Let this process create the macros once for all stores that have the same columns."""
    vars(opening)["run_script"] = _run_script


def _run_script(db: Cursor, name: str, **parameters: object) -> list[tuple[object, ...]]:
    if name not in MACROS:
        return run_script(db, name, **parameters)
    if name == MACROS[0]:
        columns = tuple(db.execute(COLUMNS).fetchall())
        with _creating:
            if columns in _files:
                _copy(db, _files[columns])
            else:
                for macros in MACROS:
                    run_script(db, macros)
                _files[columns] = _file(db)
    return []


def _copy(db: Cursor, file: Path) -> None:
    db.execute("attach ? as copied (read_only)", [str(file)])
    db.execute("copy from database copied to memory (schema)")
    db.execute("detach copied")


def _file(db: Cursor) -> Path:
    """A database of nothing but the macros, as long as the process lives."""
    if not _folder:
        _folder.append(tempfile.TemporaryDirectory(prefix="macros-"))
    file = Path(_folder[0].name) / f"{len(_files)}.duckdb"
    db.execute("attach ? as copied", [str(file)])
    db.execute("copy from database memory to copied (schema)")
    db.execute("detach copied")
    return file
