"""Named views: a page with its filters and controls, saved under a name beside the store."""

import json
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

from data.store.names import beside
from data.store.privacy import replace_file
from data.store.reasons import why
from data.store.settings import store_path
from pages.people.person import Person
from pages.people.view import Draft, View
from queries.fields import NO_TEXT

ENDING = ".views.json"
LONGEST_NAME = 80  # letters
MOST = 200  # views of one person
GONE = "This view is not there any more."


class NotSaved(Exception):
    """Views cannot be saved or read; the text is a sentence."""


@dataclass(frozen=True)
class Saved:
    """All views of a store, and the ID of the view that opens at start, by the ID of a person."""

    views: tuple[View, ...] = ()
    start: dict[str, str] | None = None


class Views:
    """The file of views. Safe for threads: of two tabs that save at a time, none loses a view."""

    def __init__(self, file: Callable[[], Path]) -> None:
        """`file` returns the path of the file."""
        self._file = file
        self._lock = threading.Lock()

    def seen_by(self, person: Person) -> list[View]:
        """The views that a person may open, by their names. Raises NotSaved."""
        seen = [view for view in self._read().views if view.is_seen_by(person)]
        return sorted(seen, key=lambda view: (view.name.casefold(), view.id))

    def start_of(self, person: Person) -> View | None:
        """The view that opens at start, if the person has chosen one. Raises NotSaved."""
        start = (self._read().start or {}).get(person.id)
        return next((view for view in self.seen_by(person) if view.id == start), None)

    def save(
        self, person: Person, name: str, page: str, query: str, *, for_everybody: bool = False
    ) -> View | None:
        """Save a view; returns the person's own of that name that it replaces. Raises NotSaved."""
        draft = Draft(name, page, query)
        return next(iter(self.save_all(person, [draft], for_everybody=for_everybody)), None)

    def save_all(
        self, person: Person, drafts: Sequence[Draft], *, for_everybody: bool | None = None
    ) -> list[View]:
        """Save views, all or none; returns the person's own of these names that they replace.

        Without `for_everybody` they have the readers of those that they replace. Raises NotSaved.
        """
        by_name = {(name := _checked(draft.name)): draft._replace(name=name) for draft in drafts}

        def change(saved: Saved) -> Saved:
            own = _own_by_name(saved, person)
            if len(own.keys() | by_name.keys()) > MOST:
                raise NotSaved(
                    f"You have {len(own)} views already, of {MOST} at most. Delete some first."
                )
            for draft in by_name.values():
                replaced = own.get(draft.name)
                view_id = replaced.id if replaced else secrets.token_hex(6)
                shared = replaced is not None and replaced.for_everybody
                shared = shared if for_everybody is None else for_everybody
                saved = _with(saved, View(view_id, *draft, person.id, shared))
            return saved

        own = _own_by_name(self._change(change), person)
        return [own[name] for name in by_name if name in own]

    def alter(self, person: Person, view_id: str, name: str, *, for_everybody: bool) -> None:
        """Give a view of the person's own another name, or other readers. Raises NotSaved."""
        name = _checked(name)

        def change(saved: Saved) -> Saved:
            view = _own(saved, person, view_id)
            if any(v.name == name and v.owner == person.id and v != view for v in saved.views):
                raise NotSaved("You have another view of that name.")
            return _with(saved, replace(view, name=name, for_everybody=for_everybody))

        self._change(change)

    def delete(self, person: Person, view_id: str) -> View:
        """Delete a view of the person's own; returns it, for restore(). Raises NotSaved."""
        before = self._change(lambda saved: _without(saved, _own(saved, person, view_id).id))
        return _own(before, person, view_id)

    def restore(self, views: Sequence[View]) -> None:
        """Take back that views were deleted or replaced. Raises NotSaved."""
        self._change(lambda saved: reduce(_with, views, saved))

    def open_at_start(self, person: Person, view_id: str | None) -> None:
        """Choose the view that opens when the person comes, or none. Raises NotSaved."""

        def change(saved: Saved) -> Saved:
            others = {who: view for who, view in (saved.start or {}).items() if who != person.id}
            return replace(saved, start=others | ({person.id: view_id} if view_id else {}))

        self._change(change)

    def _change(self, change: Callable[[Saved], Saved]) -> Saved:
        """Write what a change makes of the file; returns what was in it before."""
        with self._lock:
            before = self._read()
            after = change(before)
            content = {"views": [asdict(view) for view in after.views], "start": after.start or {}}
            try:
                replace_file(self._file(), json.dumps(content, indent=1).encode())
            except OSError as error:
                raise NotSaved(f"The views cannot be saved: {why(error)}.") from None
            return before

    def _read(self) -> Saved:
        try:
            content: dict[str, Any] = json.loads(self._file().read_text("utf-8"))
            return Saved(tuple(View(**view) for view in content["views"]), dict(content["start"]))
        except FileNotFoundError:
            return Saved()
        except OSError as error:
            raise NotSaved(f"The views cannot be read: {why(error)}.") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            # Not as if there were none: the next view that is saved would delete all others.
            raise NotSaved(f"{self._file().name} is no file of views.") from None


def _checked(name: str) -> str:
    """A name with single blanks. Raises NotSaved."""
    name = " ".join(name.split())
    if not name:
        raise NotSaved("Give the view a name.")
    if NO_TEXT.search(name):
        raise NotSaved("The name has bytes that are no text (UTF-8).")
    if len(name) > LONGEST_NAME:
        raise NotSaved(f"A name has at most {LONGEST_NAME} letters.")
    return name


def _own_by_name(saved: Saved, person: Person) -> dict[str, View]:
    return {view.name: view for view in saved.views if view.owner == person.id}


def _own(saved: Saved, person: Person, view_id: str) -> View:
    own = (view for view in saved.views if view.owner == person.id and view.id == view_id)
    if view := next(own, None):
        return view
    raise NotSaved(GONE)


def _with(saved: Saved, view: View) -> Saved:
    return replace(saved, views=(*_without(saved, view.id).views, view))


def _without(saved: Saved, view_id: str) -> Saved:
    return replace(saved, views=tuple(view for view in saved.views if view.id != view_id))


views = Views(lambda: beside(store_path(), ENDING))
