"""Reads what the editor in a browser has sent, which need not be what our script sends."""

from typing import NamedTuple


class Typed(NamedTuple):
    """A text that somebody has typed, and its number: a later one is greater."""

    number: int
    text: str


def typed(value: object, longest: int) -> Typed | None:
    """The number and the text of a value, or None where it has another form or is too long.

    Line ends come back as \\n, and half a pair of surrogates, which no file can hold, as U+FFFD.
    """
    if not isinstance(value, dict):
        return None
    number, text = value.get("number"), value.get("text")
    if type(number) is not int or not isinstance(text, str) or len(text) > longest:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return Typed(number, "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in lines))
