"""Looks up what prefixes may tell a person who sees codes masked.

A count by a typed prefix gives a code away character by character, and so does a known prefix
that is nearly a whole code. Everything that runs a query goes through looked_up(): filters that
did not choose nothing by a prefix, and show none.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from queries.access import Access
from queries.engine.execute import Cursor, execute
from queries.filters import Filters

LEAST = 100  # codes: a text that begins fewer of them says too much of each
MOST_TYPED = 20  # such prefixes that are looked up; further ones choose nothing
NONE = "(no prefix)"


def looked_up(cursor: Cursor, filters: Filters) -> Filters:
    """The filters with `hidden` and `answered` of a masked person's access."""
    if not filters.access.masked:
        return filters
    access = hidden(cursor, filters.access)
    return replace(filters, access=answered(cursor, access, filters.prefixes()))


def hidden(cursor: Cursor, access: Access) -> Access:
    """A masked person's access with the known prefixes that would show too much of a code."""
    return replace(access, hidden=_prefixes(cursor, "hidden_prefixes", access))


def answered(cursor: Cursor, access: Access, chosen: tuple[str, ...]) -> Access:
    """The access with those of the chosen or excluded prefixes that may choose.

    Once `hidden` is known. What an excluded prefix tells, the same one tells that is chosen: the
    difference of two numbers.
    """
    if not chosen:
        return access
    known = {NONE, *_prefixes(cursor, "prefixes_known", access, texts=list(chosen))}
    typed = [text for text in chosen if text not in known][:MOST_TYPED]
    enough = {text for text in typed if _begins_enough(cursor, access, text)}
    return replace(access, answered=tuple(text for text in chosen if text in known | enough))


def _begins_enough(cursor: Cursor, access: Access, text: str) -> bool:
    ((enough,),) = _rows(cursor, "begins_enough", access, text=text, least=LEAST)
    return bool(enough)


def _prefixes(cursor: Cursor, name: str, access: Access, **values: object) -> tuple[str, ...]:
    return tuple(prefix for (prefix,) in _rows(cursor, name, access, **values))


def _rows(cursor: Cursor, name: str, access: Access, **values: object) -> list[tuple[Any, ...]]:
    parameters = Filters(access=access).parameters(datetime.min)
    return execute(cursor, name, filters=parameters, **values).fetchall()
