"""The lines of a text, with their ends: every byte is in one of them."""

import re

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines_of(text: str) -> list[str]:
    """The lines as CommonMark counts them: str.splitlines() knows further ends, such as U+2028."""
    return _LINE.findall(text)
