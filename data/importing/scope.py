"""What the person who imports a file says of it, and what its name suggests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Scope:
    """The folder, prefix and batch that a file was exported for; None says nothing."""

    folder: str | None = None
    prefix: str | None = None
    batch: str | None = None


def guess_scope(name: str, folders: Sequence[str] = ()) -> Scope:
    """The scope that a file's name suggests: codes_batch_1042.csv, transactions_folder_may.csv.

    A folder that is among the known `folders` is spelled as it is known.
    """
    parts = re.search(r"(batch|folder|prefix)[ _-]+([^.(]+)", Path(name).stem, re.IGNORECASE)
    kind, value = (
        (parts[1].lower(), re.sub(r"[_\s]+", " ", parts[2]).strip()) if parts else ("", "")
    )
    if not value:
        return Scope()
    if kind == "prefix":
        return Scope(prefix=value.upper())
    if kind == "batch":
        return Scope(batch=value)
    known = {folder.lower(): folder for folder in folders if folder}
    return Scope(folder=known.get(value.lower(), value[:1].upper() + value[1:]))
