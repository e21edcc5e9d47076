"""Why something failed: what is established, or else the number of an entry in the log.

The only module that says that a disk is full or a store damaged, as a house test enforces: a
wrong guess would make people look in the wrong place.
"""

import errno
import logging
import os
import secrets
import shutil
from pathlib import Path

import duckdb

_log = logging.getLogger(__name__)

FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of the disk is used up",
    errno.EFBIG: "the disk, or a limit of this user, does not allow a file of that size",
}
NO_ROOM = 1024 * 1024  # bytes: with fewer of them free, a disk counts as full
# The system's errors with a file, whose texts the engine quotes at the end of its messages.
OF_THE_SYSTEM = (
    *FULL,
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR),
    *(errno.ENAMETOOLONG, errno.EMFILE, errno.EIO, errno.ELOOP),
)
DAMAGED = (
    "Corrupt database file",
    "not a valid DuckDB database file",
    "Could not read enough bytes from file",
)


def why(error: BaseException, folder: Path | None = None) -> str:
    """The reason for a failure as a clause. `folder` is where something was to be written.

    Where no reason is established, the failure goes to the log and its number into the clause.
    """
    if found := _established(error) or _no_room(folder):
        return found
    number = secrets.token_hex(3).upper()
    _log.error("Log entry %s: a failure without a known reason", number, exc_info=error)
    return f"the reason is not known; the log has it as entry {number}"


def is_full(reason: str) -> bool:
    """Whether a reason is that of a full disk, so that making room helps."""
    return reason in FULL.values()


def is_damage(error: BaseException) -> bool:
    """Whether the engine says that the store's file is damaged, or not a DuckDB file."""
    return isinstance(error, duckdb.Error) and any(sign in str(error) for sign in DAMAGED)


def _established(error: BaseException) -> str | None:
    if isinstance(error, OSError) and error.errno:
        return _of_the_system(error.errno)
    if error.args and isinstance(error.args[0], OSError):  # the system's error inside a library's
        return _established(error.args[0])
    if isinstance(error, duckdb.OutOfMemoryException):
        return "there is not enough memory, or disk in place of it"
    if isinstance(error, duckdb.Error) and is_damage(error):
        return "the store is damaged"
    if isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.TransactionException):
        text = str(error).rstrip(" .\n")
        numbers = (number for number in OF_THE_SYSTEM if text.endswith(os.strerror(number)))
        return next(map(_of_the_system, numbers), None)
    return None


def _of_the_system(number: int) -> str:
    text = os.strerror(number)
    return FULL.get(number) or text[:1].lower() + text[1:]


def _no_room(folder: Path | None) -> str | None:
    try:
        full = folder is not None and shutil.disk_usage(folder).free < NO_ROOM
    except OSError:
        return None
    return FULL[errno.ENOSPC] if full else None
