"""What the person who imports a file says of it, and what its name suggests."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from data.store.errors import Refused
from data.store.sql import Cursor, run_script

LONGEST = 255  # characters of a name, in a file or typed
INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}  # categories of Unicode
# Letters that show nothing, and variation selectors.
FILLERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for point in range(first, last + 1)
}


@dataclass(frozen=True)
class Scope:
    """The folder, prefix and batch that a file was exported for; None says nothing."""

    folder: str | None = None
    prefix: str | None = None
    batch: str | None = None


def normalized(text: str) -> str:
    """A typed or guessed name: composed (NFC), with single blanks, without invisible characters.

    Not for what stands in files: that stays as it is.
    """
    blanks = "".join(" " if char.isspace() else char for char in text)
    seen = "".join(
        char
        for char in blanks
        if unicodedata.category(char) not in INVISIBLE and char not in FILLERS
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())


def as_known(cursor: Cursor, scope: Scope) -> Scope:
    """The scope with its names normalised, and spelled as earlier imports did. Raises Refused."""
    names: dict[str, str | None] = {}
    for field, text in asdict(scope).items():
        name = normalized(text or "")
        if len(name) > LONGEST:
            raise Refused(f"the {field} has more than {LONGEST} characters.")
        names[field] = _spelled(name, _known(cursor, field)) if name else None
    return Scope(**names)


def _known(cursor: Cursor, field: str) -> list[str]:
    """The names that imports have been given, the latest first."""
    rows = run_script(cursor, "importing/known_scopes")
    names = [dict(zip(("folder", "prefix", "batch"), row, strict=True))[field] for row in rows]
    return [name for name in names if name]


def _spelled(name: str, known: Sequence[str]) -> str:
    """The known name that is the same but for case and composition, or the name itself."""
    if name in known:
        return name
    alike = (other for other in known if normalized(other).casefold() == name.casefold())
    return next(alike, name)


def guess_scope(name: str, folders: Sequence[str] = ()) -> Scope:
    """The scope that a file's name suggests: codes_batch_1042.csv, transactions_folder_may.csv.

    A folder that is among the known `folders` is spelled as it is known.
    """
    stem = normalized(Path(name).stem)
    parts = re.search(r"(batch|folder|prefix)[ _-]+([^.(]+)", stem, re.IGNORECASE)
    kind, value = (parts[1].lower(), normalized(parts[2].replace("_", " "))) if parts else ("", "")
    if not value:
        return Scope()
    if kind == "prefix":
        return Scope(prefix=value.upper())
    if kind == "batch":
        return Scope(batch=value)
    known = _spelled(value, [folder for folder in folders if folder])
    return Scope(folder=known if known != value else value[:1].upper() + value[1:])
