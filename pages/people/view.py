"""One named view: a page with its filters and controls, and who may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qs

from pages.people.person import Person
from queries.comparison import OF_SECOND
from queries.fields import NOT


class Draft(NamedTuple):
    """What a view is saved from: its name, a page's path, and the query of its address."""

    name: str
    page: str
    query: str


@dataclass(frozen=True)
class View:
    """A page's path, the query of its address, and the ID of the person whose it is."""

    id: str
    name: str
    page: str
    query: str
    owner: str
    for_everybody: bool = False

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters of the address."""
        return parse_qs(self.query)

    def is_seen_by(self, person: Person) -> bool:
        """Whether the view is the person's, or for everybody and names nothing hidden from them.

        Its page is for the person, too.
        """
        is_for_them = self.owner == person.id or (self.for_everybody and self._may_be_read(person))
        return is_for_them and person.may_open(self.page)

    def _may_be_read(self, person: Person) -> bool:
        """Whether the person sees each group and folder of the filters, and their prefixes."""
        access = person.access
        return (
            _are_among(self._values("group"), access.groups)
            and _are_among(self._values("folder"), access.folders)
            and not (access.masked and self._values("prefix"))
        )

    def _values(self, name: str) -> list[str]:
        """What a filter chooses or excludes, also of a second choice."""
        names = [name, name + NOT]
        names += [OF_SECOND + one for one in names]
        return [value for one in names for value in self.parameters.get(one, [])]


def _are_among(values: Sequence[str], seen: Sequence[str] | None) -> bool:
    return seen is None or set(values) <= set(seen)
