"""What a name that somebody types into a filter stands for."""

import re

from pages.answers.fetch import fetch
from pages.frame.options import MANY, kind_of
from queries.fields import base_of
from queries.filters import Filters
from queries.text import normalized

SEPARATORS = re.compile(r"[,;\t\n]")  # of a list that was pasted


def typed_values(name: str, text: str) -> list[str]:
    """What a typed text names, or the text; of a list whose parts are all known, each of them."""
    stored = stored_values(name, normalized(text))
    if stored is None and len(parts := SEPARATORS.split(text)) > 1:
        each = [stored_values(name, part) for part in map(normalized, parts) if part]
        if None not in each:
            return [value for values in each for value in values or ()]
    return stored or [normalized(text)]


def stored_values(name: str, typed: str) -> list[str] | None:
    """What is stored under a typed text: what looks the same, else what differs in case only.

    The name of campaigns stands for their IDs. None where nothing is found.
    """
    query = f"options_of_{kind_of(name)}"
    found = fetch(query, Filters(), field=base_of(name), search=None)
    if len(found) > MANY:
        found = fetch(query, Filters(), field=base_of(name), search=typed)
    values = [str(value) for value in found["value"]]
    # Who types cannot tell those that look the same; in another case it is the next best.
    same = [value for value in values if normalized(value) == typed]
    alike = [value for value in values if normalized(value).casefold() == typed.casefold()]
    if same or alike or "name" not in found:
        return same or alike or None
    names = zip(values, found["name"], strict=True)
    return [
        value
        for value, name in names
        if isinstance(name, str) and normalized(name).casefold() == typed.casefold()
    ] or None
