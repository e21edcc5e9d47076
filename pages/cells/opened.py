"""The notebook that a tab has open: its text as the tab knows it, and every change of it.

Each change is saved at once. A text that somebody else has saved meanwhile is never overwritten,
and never merged: the change waits beside it until somebody decides.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from data.store.notebook_text import Conflict, Kept, NotSaved, digest_of
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from queries.notebooks.document import Cell, Document, read

NO_CELL = "This cell is not there any more: the change is not saved."


class Refused(NamedTuple):
    """A text that could not be saved; `reason` says why, and is empty where others saved first.

    `draft` is the key under which what was typed of it is kept too.
    """

    text: str
    reason: str = ""
    draft: str = ""


class Removed(NamedTuple):
    """A cell that was taken out, its place, and the whole text before and after."""

    cell: Cell
    place: int
    before: str
    after: str


@dataclass
class Opened:
    """A notebook in a tab. `refused` are the texts that could not be saved, the oldest first."""

    name: str
    kept: Kept
    may_change: bool
    filter: str  # of the text, when it was last put in force
    in_force: str | None = None  # the filters with which the notebook was drawn last
    editing: int | None = None  # the place of the cell that is edited
    refused: list[Refused] = field(default_factory=list)
    notice: str = ""
    removed: list[Removed] = field(default_factory=list)  # the last one last
    keeps_state: str = ""  # the state of the data up to which old results are kept
    typed: dict[str, str] = field(default_factory=dict)  # drafts that no file could keep

    @property
    def document(self) -> Document:
        """The text, read."""
        return document_of(self.kept.text)

    def change(self, document: Document) -> bool:
        """Save another text, in a callback; returns whether it is saved."""
        return self.save(document.text())

    def save(self, text: str, draft: str = "") -> bool:
        """Save another text, in a callback; one that cannot be saved is among those refused."""
        self.notice = ""
        try:
            digest = notebooks.save(person(), self.name, text, self.kept.digest)
        except Conflict as conflict:
            self.refuse(Refused(text, draft=draft))
            self.kept = conflict.theirs
            self.editing = None
        except NotSaved as error:
            self.refuse(Refused(text, str(error), draft))
        else:
            self.kept = Kept(text, digest)
            return True
        return False

    def go_back(self, text: str) -> None:
        """Save an earlier text, in a callback; no cell is edited then."""
        if self.save(text):
            self.editing = None

    def refuse(self, refused: Refused) -> None:
        """Keep a text that is not saved until somebody decides what becomes of it."""
        if refused.text not in (one.text for one in self.refused):
            self.refused.append(refused)

    def edit(self, cell: Cell, place: int, changed: Callable[[Cell], Cell]) -> bool:
        """Save a change of a cell, in a callback; returns whether it is saved.

        `changed` gets the cell as it is by now: another callback of the same run may have changed
        it since it was drawn.
        """
        at = self.place_of(cell, place)
        if at is None:
            self.notice = NO_CELL
            return False
        return self.change(self.document.replaced(at, [changed(self.document.cells[at])]))

    def place_of(self, cell: Cell, place: int) -> int | None:
        """Where a cell is now that was drawn at a place: by its name, a text by what it says."""
        cells = self.document.cells
        at = cells[place] if place < len(cells) else None
        if at and _same(at, cell):
            return place
        found = next((n for n, one in enumerate(cells) if _same(one, cell)), None)
        # A text that was saved a moment ago is another one, at the same place.
        is_text_again = found is None and cell.is_text and at is not None and at.is_text
        return place if is_text_again else found

    def add(self, place: int, cell: Cell) -> None:
        """Put a cell at a place, and edit it."""
        self.change(self.document.inserted(place, cell))
        source = cell.source.strip()
        places = [n for n, one in enumerate(self.document.cells) if one.source.strip() == source]
        self.editing = next(iter(places), None)

    def remove(self, place: int) -> None:
        """Take a cell out; undo() brings it back."""
        before, cell = self.kept.text, self.document.cells[place]
        self.editing = None
        if self.change(self.document.replaced(place, [])):
            self.removed.append(Removed(cell, place, before, self.kept.text))

    def undo(self) -> None:
        """Bring back the cell that was removed last, and leave what was changed since."""
        removed = self.removed[-1]
        if self.kept.text == removed.after:
            is_back = self.save(removed.before)
        else:
            place = min(removed.place, len(self.document.cells))
            is_back = self.change(self.document.inserted(place, removed.cell))
        if is_back:
            self.removed.pop()

    def reload(self) -> None:
        """Take the text that the file has now, if somebody else has changed it. Raises NotSaved."""
        kept = notebooks.text(person(), self.name)
        if kept.digest != self.kept.digest:
            place, cells = self.editing, self.document.cells
            edited = cells[place] if place is not None and place < len(cells) else None
            self.kept = kept
            found = (
                n for n, one in enumerate(self.document.cells) if edited and _same(one, edited)
            )
            self.editing = next(found, None)
        self.may_change = notebooks.may_change(person(), self.name)


def _same(one: Cell, other: Cell) -> bool:
    """Whether both are versions of one cell: by the name, a text by what it says."""
    if (one.kind, one.name) != (other.kind, other.name):
        return False
    return bool(one.name) or is_same(one.body, other.body)


def is_same(text: str, other: str) -> bool:
    """Whether two texts of a cell are the same in the file, which ends each line."""
    return text.rstrip("\r\n") == other.rstrip("\r\n")


def draft_key(cell: Cell) -> str:
    """What a draft of a cell is kept under: its name, of a text what it says."""
    return cell.name or f"text {body_digest(cell)[:16]}"


def body_digest(cell: Cell) -> str:
    """The digest of what a cell says."""
    return digest_of(cell.body.encode("utf-8", "surrogatepass"))


@lru_cache(64)
def document_of(text: str) -> Document:
    """The notebook of a text, read once for as long as few others are."""
    return read(text)
