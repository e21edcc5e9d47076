"""The audit log's two files: lines that are only added, and a note of the last of them.

Every line holds a number and the SHA-256 of the line before. The note, beside the log, holds the
number and the SHA-256 of the last line, so that an end that is cut off is noticed.
"""

import contextlib
import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from data.store.names import beside
from data.store.privacy import PRIVATE, replace_file

if sys.platform != "win32":
    import fcntl

BLOCK = 64 * 1024  # bytes that are read at a time, from the end

Entry = dict[str, Any]


@dataclass(frozen=True)
class End:
    """The number and the SHA-256 of a line; 0 and no text stand for none."""

    number: int = 0
    digest: str = ""


def log_of(store: Path) -> Path:
    """The audit log that lies beside a store."""
    return beside(store, ".audit.jsonl")


def note_of(store: Path) -> Path:
    """The note of the log's last line."""
    return beside(store, ".audit.last")


def digest_of(line: bytes) -> str:
    """The SHA-256 of a line, without its line end."""
    return hashlib.sha256(line).hexdigest()


def parsed(line: bytes) -> Entry | None:
    """The entry of a line; None where the line is torn or none of ours."""
    try:
        entry = json.loads(line)
        date.fromisoformat(entry["time"][:10])
        return entry if _is_ours(entry) else None
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _is_ours(entry: Entry) -> bool:
    texts = all(isinstance(entry[name], str) for name in ("time", "event", "who", "before"))
    return texts and type(entry["number"]) is int and isinstance(entry["facts"], dict)


@contextlib.contextmanager
def locked(log: Path) -> Iterator[BinaryIO]:
    """The log, open for reading and adding, with no other process writing. Raises OSError."""
    is_new = not log.exists()
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    if sys.platform != "win32":
        flags |= os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(log, flags, PRIVATE), "r+b", buffering=0) as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) != PRIVATE:
                os.fchmod(file.fileno(), PRIVATE)
        if is_new and sys.platform != "win32":  # where no folder can be opened
            _sync_folder(log.parent)
        yield file


def backwards(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file from its end, the first of them without a line end, often empty."""
    end, rest = file.seek(0, os.SEEK_END), b""
    while end:
        start = max(0, end - BLOCK)
        file.seek(start)
        rest, *lines = (file.read(end - start) + rest).split(b"\n")
        yield from reversed(lines)
        end = start
    yield rest


def add(file: BinaryIO, line: bytes) -> None:
    """Add a line and wait until it is on the disk; what a failure has written is taken off."""
    size = file.seek(0, os.SEEK_END)
    try:
        left = memoryview(line)
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except OSError:
        take_off(file, size)
        raise


def take_off(file: BinaryIO, size: int) -> None:
    """Shorten the log to what it was before a line that must not count."""
    with contextlib.suppress(OSError):  # then it stays, as after a crash
        os.ftruncate(file.fileno(), size)
        os.fsync(file.fileno())


def noted(note: Path) -> End | None:
    """The last line by the note; None where there is no note that can be read."""
    try:
        found = End(**json.loads(note.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        return None
    return found if type(found.number) is int and isinstance(found.digest, str) else None


def put_note(note: Path, end: End) -> None:
    """Replace the note in one step. Raises OSError."""
    replace_file(note, json.dumps(asdict(end)).encode())  # one at a time: the log is locked


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
