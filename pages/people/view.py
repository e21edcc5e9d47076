"""One named view: a page with its filters and controls, and who may read it."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl

from pages.people.named_in_filters import may_be_named
from pages.people.person import Person


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
        return may_be_named(parse_qsl(self.query), person.access)
