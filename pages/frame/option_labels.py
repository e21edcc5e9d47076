"""What the options of a filter are called, and in which order."""

from functools import lru_cache

import pandas as pd

from pages.answers.memo import memoized
from pages.frame.options import MANY
from pages.text.escape import JOINER, visible

LONGEST_OWN = 40  # letters, and words, of a name that is looked for in longer ones
MOST_WORDS = 4
# Between the value and the note of a label. Where the count has changed since, Streamlit returns
# the label as a typed text: so the label holds its value, and nothing is looked up by a label.
END = "\u2063"


@memoized
def labels_of(found: pd.DataFrame) -> dict[str, str]:
    """What the options are called, by their values."""
    shown = _own_before_longer(found[:MANY])
    names = shown["name"] if "name" in found else [None] * len(shown)
    return {
        value: label(value, _named(name) + _count(count))
        for value, count, name in zip(shown["value"], shown["count"], names, strict=True)
    }


def _own_before_longer(shown: pd.DataFrame) -> pd.DataFrame:
    """Each name before those that begin with it or have its words.

    Enter takes the first option that has what was typed: “SMS”, not “SMS reminder (5)”.
    """
    order = _order(tuple(shown["value"]))
    return shown if order is None else shown.iloc[list(order)]


@lru_cache(maxsize=64)
def _order(values: tuple[str, ...]) -> tuple[int, ...] | None:
    """The places of the values in their new order; None where it is the old one."""
    names = [value.casefold() for value in values]
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    order: dict[int, None] = {}
    for place, name in enumerate(names):
        parts = {name[:end] for end in range(1, min(len(name), LONGEST_OWN))}
        words = name.split()
        ends = range(1, min(len(words), MOST_WORDS) + 1)
        parts |= {" ".join(words[i : i + n]) for n in ends for i in range(len(words) - n + 1)}
        inside = sorted(parts & places.keys(), key=len)
        order |= dict.fromkeys([*(places[part] for part in inside), place])
    return None if list(order) == sorted(order) else tuple(order)


def label(value: str, note: str = "") -> str:
    """A label that holds its value."""
    return f"{value}{END}{note}"


def _named(name: object) -> str:
    return f" · {visible(name)}" if isinstance(name, str) else ""


def _count(count: int | None) -> str:
    """A count that no typed number matches: a search is meant for the names."""
    return "" if count is None else f" ({JOINER.join(f'{count:,}')})"
