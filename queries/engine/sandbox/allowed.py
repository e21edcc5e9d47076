"""Reads the list of all that an analyst's SQL may be made of."""

from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("allowed.txt")


@cache
def allowed(section: str) -> frozenset[str]:
    """The words of a section of allowed.txt. Raises KeyError where there is none."""
    return _sections()[section]


@cache
def _sections() -> dict[str, frozenset[str]]:
    sections: dict[str, set[str]] = {}
    words: set[str] = set()
    for line in LIST.read_text("utf-8").splitlines():
        if line.startswith("["):
            words = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            words.update(_words(line))
    return {name: frozenset(found) for name, found in sections.items()}


def _words(line: str) -> list[str]:
    """The words of a line: a blank after a backslash is part of one."""
    return [word.replace("\0", " ") for word in line.replace("\\ ", "\0").split()]
