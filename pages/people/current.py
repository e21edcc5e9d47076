"""The person whose request is answered, and the one whose page runs."""

from starlette.types import Scope

from pages.people.person import THIS_COMPUTER, Person

IN_SCOPE = "voucher_explorer.person"  # where the guard puts the person of a request


def person_of(scope: Scope) -> Person:
    """The person of a request. Raises KeyError where no guard has let the request in."""
    person: Person = scope[IN_SCOPE]
    return person


def person() -> Person:
    """The person of the page that runs."""
    return THIS_COMPUTER
