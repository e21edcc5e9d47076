"""Finds what stands at a byte of a text, and what was meant by it."""

import difflib
import re
from collections.abc import Callable, Iterable

from queries.engine.sandbox.cells import Place

WORD = re.compile(r'"[^"\n]*"|\w+|[^\w\s]')
LIKE = 0.58  # of two words of which one may be meant by the other
CLOSE = 0.1  # how much less alike another word may be to be named too
LONGEST = 60  # characters of a word that a sentence repeats


def place_at(text: str, byte: int) -> Place:
    """The line and column of a byte of UTF-8, as the engine counts, from 1."""
    before = text.encode()[:byte].decode(errors="ignore")
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))


def word_at(text: str, byte: int) -> str:
    """The word or sign at a byte, without its quotes; empty at the end of the text."""
    rest = text.encode()[byte:].decode(errors="ignore").lstrip()
    found = WORD.match(rest)
    return found[0].strip('"')[:LONGEST] if found else ""


def suggestion(word: str, known: Iterable[str], *, by_parts: bool = False) -> str:
    """The end of a sentence: which of the known words was meant, if one is like it.

    `by_parts`: where none is, it may be like one part of a longer name.
    """
    names = list(dict.fromkeys(known))
    like = _alike(word, names, lambda name: [name])
    if by_parts and not like:
        like = _alike(word, names, lambda name: [part for part in name.split("_") if part])
    return f": did you mean {' or '.join(like[:2])}?" if like else "."


def _alike(word: str, names: list[str], parts: Callable[[str], list[str]]) -> list[str]:
    """The names that are like the word, those that are most alike first."""
    by_part = {name: max(_likeness(word, part) for part in parts(name)) for name in names}
    least = max(LIKE, max(by_part.values(), default=0) - CLOSE)
    like = [name for name in names if by_part[name] >= least]
    return sorted(like, key=lambda name: (-by_part[name], -_likeness(word, name)))


def _likeness(word: str, other: str) -> float:
    """How alike two words are, up to 1."""
    return difflib.SequenceMatcher(None, word.lower(), other.lower()).ratio()
