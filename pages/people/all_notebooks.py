"""The notebooks of the app, and changes to one of them that lose nobody else's."""

from collections.abc import Callable

from data.store.notebook_text import Conflict
from pages.people.notebooks import notebooks_of_people
from pages.people.person import Person
from queries.notebooks.document import Document, read
from queries.notebooks.named_in_text import filters_in

TRIES = 5
notebooks = notebooks_of_people(filters_in)


def change(person: Person, name: str, change: Callable[[Document], Document]) -> str:
    """Save what a change makes of a notebook; returns its name. Raises NotSaved.

    Where somebody saves meanwhile, the change is made to their text: use it for what fits any text.
    """
    kept = notebooks.text(person, name)
    for _ in range(TRIES):
        try:
            notebooks.save(person, name, change(read(kept.text)).text(), kept.digest)
        except Conflict as conflict:
            kept = conflict.theirs
        else:
            return name
    raise Conflict(kept)


def create(person: Person, name: str, change: Callable[[Document], Document]) -> str:
    """Add a notebook with this title and what a change makes of it; returns its name.

    Raises NotSaved.
    """
    title = " ".join(name.split())
    return notebooks.create(person, name, change(read("").with_front("title", title)).text())
