"""The list of codes that filters choose by: a person's own, or none."""

from dataclasses import replace

from data import owner
from pages.people.lists import KeptList, lists
from pages.people.person import Person, Right
from queries.filters import Filters


def with_own_list(filters: Filters, person: Person) -> Filters:
    """The filters with what is known of their list, where it is one of the person's own."""
    if filters.list_ is None:
        return filters
    kept = _own(filters, person)
    return replace(filters, listed=kept.as_filter() if kept else None)


def ready_to_run(filters: Filters, person: Person) -> Filters:
    """The same, with the list in the store, whose queries need it. Raises StoreUnavailable."""
    kept = _own(filters, person)
    if kept:
        kept.put_in(owner.store())
    return with_own_list(filters, person)


def _own(filters: Filters, person: Person) -> KeptList | None:
    may = person.may(Right.FIND_CODES) and person.may(Right.SEE_CODES)  # also now, by their role
    return lists.of(person, filters.list_) if filters.list_ and may else None
