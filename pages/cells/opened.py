"""The notebook that a tab has open: its text as the tab knows it, and every change of it.

Each change is saved at once. A text that somebody else has saved meanwhile is never overwritten,
and never merged: the change waits beside it until somebody decides.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qs

import streamlit as st

from data.store.notebook_text import Conflict, Kept, NotSaved
from pages.frame.url_state import chosen, comparison, put_in_force
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from queries.notebooks.choice import choice_of, pairs_of, query_of
from queries.notebooks.document import Cell, Document, read

KEY = "_notebook"
TO_OPEN = "_notebook_to_open"


@dataclass
class Opened:
    """A notebook in a tab. `refused` is a text that could not be saved, because of a conflict."""

    name: str
    kept: Kept
    may_change: bool
    filter: str  # of the text, when it was last put in force
    in_force: str | None = None  # the filters with which the notebook was drawn last
    editing: int | None = None  # the place of the cell that is edited
    refused: str | None = None
    notice: str = ""
    undone: list[str] = field(default_factory=list)  # texts before a removal, the last one last
    keeps_state: str = ""  # the state of the data up to which old results are kept

    @property
    def document(self) -> Document:
        """The text, read."""
        return _read(self.kept.text)

    def change(self, document: Document) -> None:
        """Save another text, in a callback."""
        self.save(document.text())

    def save(self, text: str) -> None:
        """Save another text, in a callback; or note why it cannot be."""
        self.notice = ""
        try:
            digest = notebooks.save(person(), self.name, text, self.kept.digest)
        except Conflict as conflict:
            self.refused = text
            self.kept = conflict.theirs
            self.editing = None
            self.notice = ""
        except NotSaved as error:
            self.notice = str(error)
        else:
            self.kept = Kept(text, digest)

    def add(self, place: int, cell: Cell) -> None:
        """Put a cell at a place, and edit it."""
        self.change(self.document.inserted(place, cell))
        source = cell.source.strip()
        places = [n for n, one in enumerate(self.document.cells) if one.source.strip() == source]
        self.editing = next(iter(places), None)

    def remove(self, place: int) -> None:
        """Take a cell out; undo() brings it back."""
        before = self.kept.text
        self.change(self.document.replaced(place, []))
        self.editing = None
        if self.kept.text != before:
            self.undone.append(before)

    def undo(self) -> None:
        """Bring back what was removed last."""
        self.save(self.undone.pop())

    def _place_of(self, cell: Cell) -> int | None:
        """Where a cell of an older text is now: by its name, a text by what it says."""
        for place, one in enumerate(self.document.cells):
            if one.name == cell.name and (cell.name or one.source == cell.source):
                return place
        return None

    def reload(self) -> None:
        """Take the text that the file has now, if somebody else has changed it. Raises NotSaved."""
        kept = notebooks.text(person(), self.name)
        if kept.digest != self.kept.digest:
            edited = None if self.editing is None else self.document.cells[self.editing]
            self.kept = kept
            self.undone.clear()
            self.editing = self._place_of(edited) if edited else None
        self.may_change = notebooks.may_change(person(), self.name)


def opened(name: str) -> Opened:
    """The notebook of that name, as this tab has it, with its filter in force. Raises NotSaved.

    Opens its page again where another filter comes into force: the sidebar is drawn already.
    """
    known: Opened | None = st.session_state.get(KEY)
    if known is None or known.name != name:
        kept = notebooks.text(person(), name)
        known = Opened(name, kept, notebooks.may_change(person(), name), filter="")
        known.filter = own_filter(known.document)
        known.editing = _with_draft(known)
        st.session_state[KEY] = known
        _put_in_force(known)
    else:
        known.reload()
    return known


def draft_key(cell: Cell, place: int) -> str:
    """What a draft of a cell is kept under: its name, of a text its place."""
    return cell.name or f"text {place}"


def _with_draft(known: Opened) -> int | None:
    """The place of a cell into which the person was typing something that is not saved yet."""
    drafts = notebooks.drafts(person(), known.name)
    for place, cell in enumerate(known.document.cells):
        draft = drafts.get(draft_key(cell, place))
        if draft and draft.text != cell.body:
            return place
    return None


def follow_filters(known: Opened) -> None:
    """Bring the filters in force and those of the notebook together.

    What somebody chooses in the sidebar becomes the notebook's filter, if they may change it;
    another filter of the text is put in force.
    """
    own, in_force = own_filter(known.document), query_of(chosen(), comparison())
    if own != known.filter:
        known.filter = own
        _put_in_force(known)
    elif known.in_force not in (None, in_force) and in_force != own and known.may_change:
        known.filter = in_force
        known.change(known.document.with_front("filter", in_force))
    known.in_force = in_force


def own_filter(document: Document) -> str:
    """The query string of a notebook's filter, in the order of addresses."""
    return choice_of(pairs_of(document.filter)).query()


def differs(known: Opened) -> bool:
    """Whether other filters are in force than the notebook has, which cannot be changed."""
    return query_of(chosen(), comparison()) != own_filter(known.document)


def choose_own(known: Opened) -> None:
    """Put the notebook's filters in force again, in a callback."""
    choice = choice_of(pairs_of(known.document.filter))
    put_in_force(choice.filters, choice.comparison)


def _put_in_force(known: Opened) -> None:
    if differs(known):
        known.in_force = None
        choose_own(known)  # or the end of this run writes the address with the filters before
        st.switch_page("notebook.py", query_params=address_of(known.name))


@lru_cache(64)
def _read(text: str) -> Document:
    return read(text)


def address_of(name: str) -> dict[str, list[str]]:
    """The parameters of a notebook's address, with its filter. Raises NotSaved."""
    text = notebooks.text(person(), name).text
    return {**parse_qs(own_filter(_read(text))), "name": [name]}


def switch_to(name: str) -> None:
    """Have the next run open a notebook. Call it from a callback."""
    st.session_state[TO_OPEN] = name


def show_opened_notebook() -> None:
    """Switch to the notebook that switch_to() has named. Call it before anything is drawn."""
    name = st.session_state.pop(TO_OPEN, None)
    if name is not None:
        st.switch_page("notebook.py", query_params=address_of(name))
