"""What people are typing into the cells of one notebook and have not saved: a file per draft."""

import contextlib
import hashlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.store.json_file import read_json, write_json
from data.store.notebook_text import NO_TEXT, NotSaved

LARGEST = 200_000  # bytes of a text in UTF-8
MOST = 50  # of a notebook


@dataclass(frozen=True)
class Draft:
    """What somebody is typing into a cell; `base` is the digest of what they started from.

    `who` is the person's ID.
    """

    cell: str
    who: str
    text: str = field(repr=False)
    base: str
    moment: datetime


class Drafts:
    """The drafts in a folder. Whoever calls has the notebooks' lock, but for reading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, who: str) -> dict[str, Draft]:
        """Somebody's drafts, by their cells."""
        return {draft.cell: draft for draft in self._all() if draft.who == who}

    def one(self, cell: str, who: str) -> Draft | None:
        """Somebody's draft of a cell."""
        return _read(self._file(cell, who))

    def save(self, cell: str, who: str, text: str, base: str) -> None:
        """Keep a draft; the oldest makes room, of the person's own first.

        Raises NotSaved and OSError.
        """
        if _size_of(text) > LARGEST:
            raise NotSaved("What you type is too long: a cell has at most 200 kB.")
        file, drafts = self._file(cell, who), self._all()
        if not file.exists() and len(drafts) >= MOST:
            oldest = min(drafts, key=lambda draft: (draft.who != who, draft.moment))
            self.drop(oldest.cell, oldest.who)
        draft = asdict(Draft(cell, who, text, base, datetime.now(UTC)))
        write_json(file, draft | {"moment": draft["moment"].isoformat()})

    def drop(self, cell: str, who: str) -> None:
        """Forget a draft, which may not be there. Raises OSError."""
        self._file(cell, who).unlink(missing_ok=True)

    def _all(self) -> list[Draft]:
        return [draft for file in self._folder.glob("*.json") if (draft := _read(file))]

    def _file(self, cell: str, who: str) -> Path:
        named = hashlib.sha256(repr((cell, who)).encode()).hexdigest()  # both are anything
        return self._folder / f"{named[:32]}.json"


def _read(file: Path) -> Draft | None:
    # A file that is no draft is as good as none: it is replaced when somebody types again.
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        content: dict[str, Any] = read_json(file)
        return Draft(**content | {"moment": datetime.fromisoformat(content["moment"])})
    return None


def _size_of(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise NotSaved(NO_TEXT) from None
