"""File names as text that can be stored, shown and printed, and paths that the engine takes."""

import os
from pathlib import Path

NOT_FOR_STORES = "?\\" if os.sep == "/" else "?"  # the engine reads both as part of a URL or path


def shown(name: str) -> str:
    """A name with visible escapes for bytes that are no text and for unprintable characters.

    On the disk a name is bytes: Python reads those that are no UTF-8 as U+DC80 to U+DCFF.
    """
    return "".join(char if char.isprintable() else _escape(char) for char in name)


def is_text(path: Path) -> bool:
    """Whether a path is UTF-8, as the engine takes it."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def beside(store: Path, ending: str) -> Path:
    """The file of a store in the same folder: v.audit.last of v.duckdb, v.db.audit.last of v.db."""
    resolved = store.resolve()
    name = resolved.stem if resolved.suffix == ".duckdb" else resolved.name
    return resolved.with_name(name + ending)


def scratch_of(store: Path) -> Path:
    """The folder for what an open store needs for a while."""
    return store.with_name(store.name + ".scratch")


def cannot_be_a_store(path: Path) -> str | None:
    """Why the engine could not use a path for a store, as a sentence; None where it could."""
    if not is_text(path):
        return f"{shown(str(path))} cannot be a store: a name in its path is not UTF-8 text."
    if path.suffix == ".key":  # by which the key of another store is called
        return f"{shown(str(path))} cannot be a store: its name ends as that of a key."
    if chars := [char for char in NOT_FOR_STORES if char in str(path)]:
        return (
            f"{shown(str(path))} cannot be a store: its path has a {' and a '.join(chars)}, which "
            "the database engine takes for something else."
        )
    return None


def _escape(char: str) -> str:
    number = ord(char)
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
