"""Deleted notebooks with all that belongs to them, for a while: a folder for each."""

import contextlib
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.store.notebook_text import NotSaved

MOST = 30
ID = re.compile(r"[0-9]{20}-[0-9a-f]{8}")  # begins with the moment: the oldest is the first by name
FILE, BESIDE = "notebook.md", "beside"


@dataclass(frozen=True)
class Deleted:
    """A notebook that was deleted, for restore(); `about` is what was noted about it."""

    id: str
    name: str
    about: dict[str, Any] = field(default_factory=dict)


class Trash:
    """The folder of deleted notebooks. Whoever calls has the notebooks' lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, file: Path, beside: Path) -> str:
        """Move a notebook's file and the folder beside it, as far as they exist; returns their ID.

        The file goes first: where the computer stops in between, what says whose it is stays.
        """
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        target = self._folder / name
        target.mkdir(parents=True)
        for path, to in ((file, FILE), (beside, BESIDE)):
            with contextlib.suppress(FileNotFoundError):
                path.rename(target / to)
        self._sweep()
        return name

    def give_back(self, deleted: Deleted, file: Path, beside: Path) -> None:
        """Move a notebook back, to names that are free. Raises NotSaved and OSError."""
        source = self._folder / deleted.id
        if not ID.fullmatch(deleted.id) or not os.path.lexists(source / FILE):
            raise NotSaved("This notebook was deleted too long ago.")
        if (source / BESIDE).exists():
            (source / BESIDE).rename(beside)
        (source / FILE).rename(file)
        shutil.rmtree(source, ignore_errors=True)

    def _sweep(self) -> None:
        names = sorted(path.name for path in self._folder.iterdir() if ID.fullmatch(path.name))
        for name in names[:-MOST]:
            shutil.rmtree(self._folder / name, ignore_errors=True)
