"""Finds where the rows of a store lie when it is opened, and checks that this is wanted."""

from pathlib import Path

from data.store import settings
from data.store.errors import StoreUnavailable
from data.store.lake import files
from data.store.lake.folder import JOURNAL, Folder, cannot_be_a_lake
from data.store.lake.lake import Lake
from data.store.names import beside, scratch_of, shown
from data.store.rows import InStore, Rows
from data.store.sql import Cursor

TO_LAKE = "python -m data.move --to-lake"
TO_STORE = "python -m data.move --to-store"


def check_place(db: Cursor, path: Path, engine: str) -> None:
    """Check that the rows of the attached store lie where they should. Raises StoreUnavailable.

    Before the macros are made, which the engine does not make over files that are gone.
    """
    if not files.are_views(db):
        if engine and not _is_without_imports(db):
            raise StoreUnavailable(
                f"The rows of {shown(path.name)} lie in the store, but VOUCHERS_ENGINE is set. "
                f"Move them with `{TO_LAKE}`, or unset it."
            )
        return
    if not engine:
        raise StoreUnavailable(
            f"The rows of {shown(path.name)} lie on a lake, and VOUCHERS_ENGINE is not set. "
            f"Set it to {settings.PARQUET}, or to the address of a cluster, such as "
            f"{settings.EXAMPLE}, or bring them back with `{TO_STORE}`."
        )
    lake = lake_of(path)
    check_files(db, lake.folder)
    with db.cursor() as cursor:
        files.point_views(cursor, lake.folder)  # the folder may have been moved


def opened_rows(db: Cursor, path: Path, engine: str) -> Rows:
    """The rows of the store at `path`, which connect() has opened. Raises StoreUnavailable.

    A store without any import goes to the lake where the setting wants that; others are moved
    by a command, because that takes its time.
    """
    if not engine:
        return InStore()
    lake = lake_of(path)
    if files.are_views(db):
        lake.folder.sweep(files.names(db))
    else:
        _enter(db, lake)
    return lake


def _enter(db: Cursor, lake: Lake) -> None:
    """Write all rows of a store to the lake, in one transaction."""
    lake.folder.make()
    with db.cursor() as cursor:
        cursor.execute("begin transaction")
        lake.enter(cursor)
        cursor.execute("commit")
    lake.committed([])


def lake_of(path: Path) -> Lake:
    """The lake of the store at `path`. Raises StoreUnavailable."""
    folder = settings.rows_folder(path)
    if problem := cannot_be_a_lake(folder):
        raise StoreUnavailable(problem)
    return Lake(Folder(folder, beside(path, JOURNAL)), scratch_of(path))


def check_files(db: Cursor, folder: Folder) -> None:
    """Check that the files in force lie in the folder. Raises StoreUnavailable."""
    named = [file.name for kind in files.KINDS for file in files.in_force(db, kind)]
    missing = [name for name in named if not folder.file(name).exists()]
    if missing:
        raise StoreUnavailable(
            f"{len(missing):,} of the files with the rows of the store are not in "
            f"{shown(str(folder.path))}. Put them back, or say with VOUCHERS_ROWS where they are."
        )


def _is_without_imports(db: Cursor) -> bool:
    return db.execute("select count(*) from vouchers.imports").fetchone() == (0,)
