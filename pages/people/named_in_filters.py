"""Whether filters that somebody else has chosen name what a person may not see."""

from collections.abc import Iterable

from queries.access import Access
from queries.comparison import OF_SECOND
from queries.fields import base_of


def may_be_named(pairs: Iterable[tuple[str, str]], access: Access) -> bool:
    """Whether the access is to each group and folder of an address's parameters, and to prefixes.

    Also those that are excluded, and those of a second choice.
    """
    return not any(
        _is_hidden(base_of(name.removeprefix(OF_SECOND)), v, access) for name, v in pairs
    )


def _is_hidden(field: str, value: str, access: Access) -> bool:
    if field == "prefix":
        return access.masked
    seen = {"group": access.groups, "folder": access.folders}.get(field)
    return seen is not None and value not in seen
