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
# In a file's name: what is said by a word before it, and a full date.
SAID = re.compile(
    r"(batch|folder|prefix)[ _-]+(.+?)(?=[ ._-]+(?:batch|folder|prefix)[ _-]|[.]|[ _-]*$)",
    re.IGNORECASE,
)
DATE = re.compile(
    r"[ _-]*((19|20)\d\d[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"|(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])[-_.](19|20)\d\d)(?!\d)"
)
NUMBER = re.compile(r"\d\w*")  # of a batch, whatever comes after it
PLAIN = re.compile(r"(?:codes?)?[ _-]*(\d{3,7})", re.IGNORECASE)  # 1042, codes 1042


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
    known = known_scopes(cursor)
    names: dict[str, str | None] = {}
    for field, text in asdict(scope).items():
        name = normalized(text or "")
        if len(name) > LONGEST:
            raise Refused(f"the {field} has more than {LONGEST} characters.")
        others = [getattr(other, field) or "" for other in known]
        names[field] = _spelled(name, others) if name else None
    return Scope(**names)


def _spelled(name: str, known: Sequence[str]) -> str:
    """The known name that is the same but for case and composition, or the name itself."""
    if name in known:
        return name
    alike = (other for other in known if normalized(other).casefold() == name.casefold())
    return next(alike, name)


def guess_scope(name: str, folders: Sequence[str] = ()) -> Scope:
    """The scope that a file's name suggests: codes_folder_may_batch_1042_2016-05-02.csv.

    A folder that is among the known `folders` is spelled as it is known.
    """
    stem = normalized(DATE.sub("", Path(name).stem.partition("(")[0]))
    found = {kind.lower(): normalized(text.replace("_", " ")) for kind, text in SAID.findall(stem)}
    folder, batch = found.get("folder"), found.get("batch")
    return Scope(
        folder=_as_title(folder, folders) if folder else None,
        prefix=found.get("prefix", "").upper() or None,
        batch=_numbered(batch) if batch else _plain_number(stem),
    )


def known_scopes(cursor: Cursor) -> list[Scope]:
    """The scopes that imports in force have been given, the latest first."""
    return [Scope(*row) for row in run_script(cursor, "importing/known_scopes")]


def _as_title(folder: str, known: Sequence[str]) -> str:
    spelled = _spelled(folder, [name for name in known if name])
    return spelled if spelled != folder else folder[:1].upper() + folder[1:]


def _numbered(batch: str) -> str:
    found = NUMBER.match(batch)
    return found[0] if found else batch


def _plain_number(stem: str) -> str | None:
    found = PLAIN.fullmatch(stem)
    return found[1] if found else None
