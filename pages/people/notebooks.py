"""Whose the notebooks are, who may read them, and who may change them.

Without a sign-in everybody may do everything. With one, a notebook that is made in the app is its
maker's, who may share it with everybody. A file that somebody put into the folder is nobody's, and
for everybody who sees all groups, folders and codes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from data.store.notebook_drafts import Draft
from data.store.notebook_text import GONE, Conflict, Kept, NotSaved
from data.store.notebook_trash import Deleted
from data.store.notebook_versions import Version
from data.store.notebooks import Listed, Notebooks, Stamp
from data.store.settings import notebooks_folder
from pages.people.named_in_filters import may_be_named
from pages.people.person import THIS_COMPUTER, Person, Right

# Whoever may take rows along may write; a viewer only reads.
WRITES = Right.DOWNLOAD_ROWS
FiltersOf = Callable[[str], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Entry:
    """Whose a notebook is: a person's ID and name, none of a file that somebody put there.

    `is_known` is false where what was noted cannot be read.
    """

    owner: str = ""
    owner_name: str = ""
    for_everybody: bool = True
    is_known: bool = True

    def is_of(self, person: Person) -> bool:
        """Whether the notebook is the person's; without a sign-in each is."""
        return person == THIS_COMPUTER or (self.is_known and self.owner == person.id)

    def is_managed_by(self, person: Person) -> bool:
        """Whether the person may rename, delete and share the notebook, if they see it."""
        return person.may(WRITES) and (self.is_of(person) or person.may(Right.ADMINISTER))


@dataclass(frozen=True)
class Seen:
    """A notebook as a person sees it in the list."""

    listed: Listed
    entry: Entry
    is_own: bool
    may_change: bool
    may_manage: bool  # rename, delete and share


class NotebooksOfPeople:
    """The notebooks, each for those who may read it. All functions raise NotSaved.

    Of a notebook that is not for a person the sentence is that of one which is not there.
    """

    def __init__(self, kept: Notebooks, filters_of: FiltersOf) -> None:
        """`filters_of` returns the parameters of all filters in a text, and never raises."""
        self._kept = kept
        self._filters_of = filters_of

    def seen_by(self, person: Person) -> list[Seen]:
        """The notebooks that a person may open, by their names."""
        found = ((listed, self._entry(listed.name)) for listed in self._kept.names())
        return [
            Seen(
                listed,
                entry,
                is_own=entry.is_of(person),
                may_change=person.may(WRITES),
                may_manage=entry.is_managed_by(person),
            )
            for listed, entry in found
            if self._is_for(person, listed.name, entry)
        ]

    def stamps(self) -> dict[str, Stamp]:
        """Of each notebook, whoever may open it, a value that is another after each change."""
        return self._kept.stamps()

    def text(self, person: Person, name: str) -> Kept:
        """A notebook's text and its digest."""
        return self._read(person, name)

    def may_create(self, person: Person) -> bool:
        """Whether the person may make notebooks."""
        return person.may(WRITES)

    def may_change(self, person: Person, name: str) -> bool:
        """Whether the person may save another text."""
        return person.may(WRITES) and self._is_seen(person, name, self._entry(name))

    def may_manage(self, person: Person, name: str) -> bool:
        """Whether the person may rename, delete and share a notebook."""
        entry = self._entry(name)
        return entry.is_managed_by(person) and self._is_seen(person, name, entry)

    def create(self, person: Person, name: str, text: str, *, for_everybody: bool = False) -> str:
        """Add a notebook of the person's own; returns its name, which may have a number."""
        _require_writing(person)
        about = _about(person, for_everybody=for_everybody)
        return self._kept.create(name, text, who=person.name, about=about)

    def save(self, person: Person, name: str, text: str, base: str) -> str:
        """Replace a text that had the digest `base`; returns the new digest. Raises Conflict."""
        self._require_change(person, name)
        try:
            return self._kept.save(name, text, base, who=person.name)
        except Conflict as conflict:
            if not self._may_read(person, self._entry(name), conflict.theirs.text):
                raise NotSaved(GONE) from None
            raise

    def rename(self, person: Person, name: str, to: str) -> str:
        """Give a notebook another name; returns it with single blanks."""
        self._require_managing(person, name)
        return self._kept.rename(name, to)

    def duplicate(self, person: Person, name: str) -> str:
        """Add a notebook of the person's own with the same text; returns its name."""
        _require_writing(person)
        text = self._read(person, name).text
        about = _about(person, for_everybody=False)
        return self._kept.create(name, text, who=person.name, about=about)

    def delete(self, person: Person, name: str) -> Deleted:
        """Take a notebook away; returns it, for restore()."""
        self._require_managing(person, name)
        return self._kept.delete(name)

    def restore(self, person: Person, deleted: Deleted) -> str:
        """Take back that a notebook was deleted; returns its name, another where it is taken."""
        if not _entry_of(deleted.about).is_managed_by(person):
            raise NotSaved(GONE)
        return self._kept.restore(deleted)

    def share(self, person: Person, name: str, *, for_everybody: bool) -> None:
        """Choose whether others see a notebook; nobody's becomes the person's own."""
        self._require_managing(person, name)
        if person == THIS_COMPUTER:
            raise NotSaved("Without a sign-in every notebook is for everybody.")
        entry = self._entry(name)
        owner = (entry.owner, entry.owner_name) if entry.owner else (person.id, person.name)
        self._kept.note_about(name, _noted(*owner, for_everybody=for_everybody))

    def versions(self, person: Person, name: str) -> list[Version]:
        """What the text was, the latest first, for those who may change it.

        Of a notebook of somebody else only what they may read.
        """
        self._require_change(person, name)
        entry, versions = self._entry(name), self._kept.versions(name)
        if entry.is_of(person) or not _is_limited(person):
            return versions
        return [one for one in versions if self._is_readable(person, name, entry, one.number)]

    def version(self, person: Person, name: str, number: int) -> str:
        """The text of a version."""
        self._require_change(person, name)
        text = self._kept.version(name, number)
        if not self._may_read(person, self._entry(name), text):
            raise NotSaved(GONE)
        return text

    def drafts(self, person: Person, name: str) -> dict[str, Draft]:
        """What the person is typing into a notebook, by the cells."""
        return self._kept.drafts(name, person.id) if self.may_change(person, name) else {}

    def save_draft(
        self, person: Person, name: str, cell: str, text: str, *, base: str = ""
    ) -> None:
        """Keep what the person is typing into a cell whose text had the digest `base`."""
        self._require_change(person, name)
        self._kept.save_draft(name, cell, person.id, text, base=base)

    def drop_draft(self, person: Person, name: str, cell: str) -> None:
        """Forget what the person was typing into a cell."""
        self._require_change(person, name)
        self._kept.drop_draft(name, cell, person.id)

    def note_run(self, person: Person, name: str, state: Mapping[str, Any]) -> None:
        """Note on which data a notebook has run, if the person may change it."""
        if self.may_change(person, name):
            self._kept.note_run(name, state)

    def last_run(self, person: Person, name: str) -> dict[str, Any] | None:
        """On which data a notebook has run last."""
        return self._kept.last_run(name) if self._is_seen(person, name, self._entry(name)) else None

    def _entry(self, name: str) -> Entry:
        try:
            return _entry_of(self._kept.about(name))
        except NotSaved:
            return UNKNOWN

    def _is_seen(self, person: Person, name: str, entry: Entry) -> bool:
        """Whether there is a notebook of that name, and the person has it in the list."""
        return self._kept.has(name) and self._is_for(person, name, entry)

    def _is_for(self, person: Person, name: str, entry: Entry) -> bool:
        """Whether the notebook is in the person's list, also one that cannot be opened."""
        if not _is_limited(person) or entry.is_of(person):
            return self._may_read(person, entry, "")
        try:
            return self._may_read(person, entry, self._kept.text(name).text)
        except NotSaved:
            return False

    def _may_read(self, person: Person, entry: Entry, text: str) -> bool:
        """Whether a text of a notebook is for the person.

        What a text says cannot be judged, nor SQL: somebody who does not see everything reads
        what its owner shares, unless a filter names what is hidden from them.
        """
        if entry.is_of(person):
            return True
        if not entry.is_known:
            return person.may(Right.ADMINISTER)
        if not entry.for_everybody:
            return False
        if not _is_limited(person):
            return True
        return bool(entry.owner) and may_be_named(self._filters_of(text), person.access)

    def _is_readable(self, person: Person, name: str, entry: Entry, number: int) -> bool:
        try:
            return self._may_read(person, entry, self._kept.version(name, number))
        except NotSaved:
            return False

    def _read(self, person: Person, name: str) -> Kept:
        entry = self._entry(name)
        if not self._is_seen(person, name, entry):
            raise NotSaved(GONE)
        kept = self._kept.text(name)
        if not self._may_read(person, entry, kept.text):  # saved by somebody since it was judged
            raise NotSaved(GONE)
        return kept

    def _require_change(self, person: Person, name: str) -> None:
        if not self._is_seen(person, name, self._entry(name)):
            raise NotSaved(GONE)
        _require_writing(person)

    def _require_managing(self, person: Person, name: str) -> None:
        self._require_change(person, name)
        if not self._entry(name).is_managed_by(person):
            raise NotSaved("Only whose notebook it is, or an admin, may do that.")


UNKNOWN = Entry(for_everybody=False, is_known=False)


def notebooks_of_people(filters_of: FiltersOf) -> NotebooksOfPeople:
    """The notebooks of the folder that the settings name."""
    return NotebooksOfPeople(Notebooks(notebooks_folder), filters_of)


def _is_limited(person: Person) -> bool:
    return person.access.is_limited or person.access.masked


def _require_writing(person: Person) -> None:
    if not person.may(WRITES):
        raise NotSaved(f"Your role, {person.role}, may not change notebooks.")


def _about(person: Person, *, for_everybody: bool) -> dict[str, Any] | None:
    """What is noted about a notebook of a person's own; without a sign-in it is nobody's."""
    if person == THIS_COMPUTER:
        return None
    return _noted(person.id, person.name, for_everybody=for_everybody)


def _noted(owner: str, name: str, *, for_everybody: bool) -> dict[str, Any]:
    return {"owner": owner, "owner_name": name, "for_everybody": for_everybody}


def _entry_of(about: Mapping[str, Any]) -> Entry:
    if not about:
        return Entry()
    try:
        entry = Entry(about["owner"], about["owner_name"], about["for_everybody"])
    except KeyError:
        return UNKNOWN
    is_right = isinstance(entry.owner, str) and isinstance(entry.owner_name, str)
    return entry if is_right and isinstance(entry.for_everybody, bool) else UNKNOWN
