"""The notebook that a tab has open: its text as the tab knows it, and every change of it.

Each change is saved at once. A text that somebody else has saved meanwhile is never overwritten,
and never merged: the change waits beside it until somebody decides.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs

import streamlit as st

from data.store.notebook_text import Conflict, Kept, NotSaved
from pages.cells.drafts import is_same, place_with_draft
from pages.frame.url_state import chosen, comparison, put_in_force
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from queries.notebooks.choice import choice_of, pairs_of, query_of
from queries.notebooks.document import Cell, Document, read

KEY = "_notebook"
TO_OPEN = "_notebook_to_open"


class Removed(NamedTuple):
    """A cell that was taken out, its place, and the notebook's text before and after."""

    cell: Cell
    place: int
    before: str
    after: str


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
    removed: list[Removed] = field(default_factory=list)  # the last one last
    became: dict[str, str] = field(default_factory=dict)  # texts committed since the page was drawn
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
        before, cell = self.kept.text, self.document.cells[place]
        self.change(self.document.replaced(place, []))
        self.editing = None
        if self.refused is None and self.kept.text != before:
            self.removed.append(Removed(cell, place, before, self.kept.text))

    def undo(self) -> None:
        """Bring back the cell that was removed last, and leave what has been changed since."""
        last = self.removed.pop()
        if self.kept.text == last.after:
            self.save(last.before)
        else:
            place = min(last.place, len(self.document.cells))
            self.change(self.document.inserted(place, last.cell))

    def commit(self, cell: Cell, text: str, *, is_outdated: bool = False) -> bool:
        """Give a cell another text, in a callback; returns whether the cell was still there.

        `is_outdated`: the text was begun when the cell had another one, so it is not saved: both
        are shown, as in a conflict.
        """
        place = self.place_of(cell)
        if place is None:
            return False
        now = self.document.cells[place]
        document = self.document.replaced(place, [now.with_body(text)])
        if is_outdated:
            self.refused, self.editing = document.text(), None
            return True
        self.change(document)
        self.became[cell.body] = text
        return True

    def place_of(self, cell: Cell) -> int | None:
        """Where a cell of an older text is now: by its name, a text by what it says."""
        said = self.became.get(cell.body, cell.body)
        for place, one in enumerate(self.document.cells):
            if (
                one.name == cell.name
                and one.kind == cell.kind
                and (cell.name or is_same(one.body, said))
            ):
                return place
        return None

    def reload(self) -> None:
        """Take the text that the file has now, if somebody else has changed it. Raises NotSaved."""
        kept = notebooks.text(person(), self.name)
        if kept.digest != self.kept.digest:
            edited = None if self.editing is None else self.document.cells[self.editing]
            self.kept = kept
            self.editing = self.place_of(edited) if edited else None
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
        known.editing = place_with_draft(known.name, known.document)
        st.session_state[KEY] = known
        _put_in_force(known)
    else:
        known.reload()
    return known


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
