"""Folders and files whose names are bytes that are no text."""

import os
from pathlib import Path


def odd_path(folder: Path, name: bytes) -> Path:
    """A path in a folder, by the bytes of its name."""
    return Path(os.fsdecode(os.fsencode(folder) + b"/" + name))


def odd_folder(folder: Path, name: bytes) -> Path:
    """Make a folder in a folder, by the bytes of its name."""
    made = odd_path(folder, name)
    made.mkdir()
    return made
