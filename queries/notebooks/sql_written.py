"""What becomes of a chart that is written as SQL, and choices from lists."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from queries.notebooks.keys import Look
from queries.text import listed

Texts = Mapping[str, str]
Parts = dict[str, str | int]  # by the marks of a text
MOST_DAYS = 3_650  # of an age


class Written(NamedTuple):
    """The SQL of a cell, and how its rows are drawn."""

    text: str
    look: Look


class NoText(Exception):
    """There is no SQL for a cell; the text is a sentence."""


def among(name: str, texts: Texts, known: Collection[str], usual: str) -> str:
    """One of the values that a parameter has. Raises NoText."""
    text = texts.get(name, usual)
    if text not in known:
        raise NoText(f"{name} is {listed(list(known), word='or')}, not {text}.")
    return text


def whole_number(name: str, texts: Texts, usual: int, most: int = MOST_DAYS) -> int:
    """A number from 1 on. Raises NoText."""
    text = texts.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise NoText(f"{name} is a whole number from 1 to {most:,}, not {text}.")
    return int(text)
