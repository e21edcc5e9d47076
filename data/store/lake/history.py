"""Which files were in force before each import, so that they can be put in force again.

A file that an import has replaced stays, for as long as the rows of all of these are no more than
those in force. `known_from` in the table of the store says how far back they reach.
"""

import logging
from collections.abc import Iterable

from data.store.errors import EngineError
from data.store.lake.files import File
from data.store.lake.folder import Folder
from data.store.sql import Cursor, run_script

_log = logging.getLogger(__name__)


def newest_import(cursor: Cursor) -> int:
    """The number of the newest import; 0 where there is none."""
    return _number(cursor, "select coalesce(max(import_id), 0) from vouchers.imports")


def begin(cursor: Cursor) -> None:
    """Note that only the rows before imports to come will be known."""
    _know_from(cursor, newest_import(cursor) + 1)


def replace(cursor: Cursor, folder: Folder, files: Iterable[File], import_id: int) -> None:
    """An import replaces these files. Those that it wrote itself were never in force."""
    names = [file.name for file in files]
    own = "delete from vouchers.files where list_contains(?, name) and from_import = ?"
    _drop(cursor, folder, f"{own} returning name", names, import_id)
    cursor.execute(
        "update vouchers.files set until_import = ? where list_contains(?, name)",
        [import_id, names],
    )


def drop_all(cursor: Cursor, folder: Folder) -> None:
    """Drop all files, whether they are in force or not."""
    _drop(cursor, folder, "delete from vouchers.files returning name")


def drop_oldest(cursor: Cursor, folder: Folder) -> None:
    """Drop the oldest replaced files, where all of them have more rows than those in force."""
    ((last,),) = run_script(cursor, "store/lake/too_many")
    if last is None:
        return
    oldest = "delete from vouchers.files where until_import <= ? returning name"
    _drop(cursor, folder, oldest, last)
    _know_from(cursor, last + 1)


def restore_before(cursor: Cursor, folder: Folder, import_id: int) -> bool:
    """Put the files in force again that were so before an import, and drop those written since.

    Returns False, and changes nothing, where they are not known or cannot all be read.
    """
    known_from = _number(cursor, "select known_from from vouchers.store")
    if import_id < known_from or not _can_be_read(cursor, folder, import_id):
        return False
    since = "delete from vouchers.files where from_import >= ? returning name"
    _drop(cursor, folder, since, import_id)
    cursor.execute(
        "update vouchers.files set until_import = null where until_import >= ?", [import_id]
    )
    return True


def _can_be_read(cursor: Cursor, folder: Folder, import_id: int) -> bool:
    """Whether the files can be read that an import has replaced, or a later one."""
    named: dict[str, list[str]] = {}
    for kind, name in run_script(cursor, "store/lake/to_restore", import_id=import_id):
        named.setdefault(kind, []).append(str(folder.file(name)))
    try:
        with cursor.cursor() as reader:  # a failure would end the transaction of the first one
            for paths in named.values():
                run_script(reader, "store/lake/read_all", paths=paths)
    except EngineError as error:
        _log.warning("Files of before cannot be read (%s): all is replayed", type(error).__name__)
        return False
    return True


def _know_from(cursor: Cursor, import_id: int) -> None:
    cursor.execute("update vouchers.store set known_from = ?", [import_id])


def _drop(cursor: Cursor, folder: Folder, deletion: str, *parameters: object) -> None:
    folder.drop(name for (name,) in cursor.execute(deletion, parameters).fetchall())


def _number(cursor: Cursor, query: str) -> int:
    ((number,),) = cursor.execute(query).fetchall()
    return int(number)
