"""Keeps what the app and its commands write from other users of the computer."""

import contextlib
import os
import stat
from pathlib import Path

OTHERS = 0o077  # the rights of group and others
PRIVATE = 0o600
# What lies beside a store: its name, or its name without .duckdb, and one of these endings.
FOLDERS = (".originals", ".scratch", ".notebooks", ".rows")
FILES = (
    *("", ".wal", ".before", ".before.wal", ".rebuilt", ".new"),
    *(".app.json", ".downloads.jsonl", ".key", ".rows.journal"),
    *(".audit.jsonl", ".audit.last", ".signed-out.json", ".views.json"),
)


def keep_new_files_private() -> None:
    """Let only the user of this process read the files and folders that it makes from now on."""
    os.umask(OTHERS)


def tighten_store(store: Path) -> None:
    """Tighten the store's file and all that lies beside it and belongs to it."""
    for name in {store.name, store.stem}:
        for ending in FILES if name == store.name else FILES[1:]:
            tighten(store.with_name(name + ending))
        for ending in FOLDERS:
            tighten_folder(store.with_name(name + ending))


def tighten_folder(folder: Path) -> None:
    """Tighten a folder of ours and the files in it."""
    tighten(folder)
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_symlink():
                tighten(Path(entry))


def tighten(path: Path) -> None:
    """Take the rights of group and others from a file or folder, if it exists and we may."""
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, once the new one is on the disk. Raises OSError.

    No two threads or processes may replace the same one at a time.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        flags = os.O_CREAT | os.O_WRONLY | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(part, flags, PRIVATE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
