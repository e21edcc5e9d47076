"""Which files of a lake are in force: a table of the store, and two views of what it says."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from data.store.lake.folder import Folder
from data.store.sql import Cursor, run_script

KINDS = ("codes", "transactions")


class File(NamedTuple):
    """A file in force. No row of another one is between its first and its last."""

    name: str
    rows: int
    first_position: int
    last_position: int


def in_force(cursor: Cursor, kind: str) -> list[File]:
    """The files of a kind, in the order of their rows."""
    return [File(*row) for row in run_script(cursor, "store/lake/in_force", kind=kind)]


def names(cursor: Cursor) -> list[str]:
    """The names of all files, also of those that an import has replaced."""
    return [name for (name,) in cursor.execute("select name from vouchers.files").fetchall()]


def paths(cursor: Cursor, folder: Folder, kind: str) -> list[str]:
    """Their paths, in the same order."""
    return [str(folder.file(file.name)) for file in in_force(cursor, kind)]


def paths_by_kind(cursor: Cursor, folder: Folder) -> dict[str, list[str]]:
    """Those of all kinds."""
    return {kind: paths(cursor, folder, kind) for kind in KINDS}


def row_count(cursor: Cursor) -> int:
    """How many rows the files in force have."""
    ((rows,),) = run_script(cursor, "store/lake/rows")
    return int(rows)


def are_views(cursor: Cursor) -> bool:
    """Whether the rows of the attached store lie on a lake."""
    found = cursor.execute(
        "select count(*) from duckdb_views() where database_name = 'vouchers' and view_name = ?",
        [KINDS[0]],
    ).fetchone()
    return found != (0,)


def point_views(cursor: Cursor, folder: Folder) -> None:
    """Let the views of the rows read the files in force, in this folder."""
    point_views_at(cursor, paths_by_kind(cursor, folder), "* exclude (position)")


def point_views_at(cursor: Cursor, there: Mapping[str, Sequence[str]], columns: str) -> None:
    """Let the views of the rows read these columns of the files at these paths, by kind."""
    for kind in KINDS:
        # A view takes no parameters. The names are ours, and the folder's is quoted.
        named = ", ".join(_quoted(path) for path in there[kind])
        cursor.execute(
            f"create or replace view vouchers.{kind} as select {columns}"  # noqa: S608
            f" from read_parquet([{named}], hive_partitioning = false)"
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
