"""Dates, periods and lists of names as phrases, and what people type."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}  # categories of Unicode
# Letters that show nothing, and variation selectors.
FILLERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
    for point in range(first, last + 1)
}


def day(value: date) -> str:
    """A day: 10 Jan 2016."""
    return f"{value.day} {value:%b %Y}"


def read_day(text: str) -> date | None:
    """The day that a text such as 2026-11-23 names, None where it names none."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment(value: datetime) -> str:
    """A day and a time of it: 10 Jan 2016, 21:57."""
    return f"{day(value)}, {value:%H:%M}"


def days(first: date | None, last: date | None, since: str = "since") -> str:
    """A period, with what its two ends share written once: 10–16 Jan 2016."""
    if first is None or last is None:
        return f"{since} {day(first)}" if first else f"until {day(last)}" if last else ""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%b} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def few(names: Sequence[str], most: int | None = None) -> Sequence[str]:
    """The names; of more than `most` the first ones, and at the end how many others there are."""
    if most is None or len(names) <= most + 1:
        return names
    return [*names[:most], f"{len(names) - most:,} others"]


def listed(names: Sequence[str], most: int | None = None, word: str = "and") -> str:
    """Names in a sentence: Email, SMS and Newspaper; of more than `most`: A, B and 398 others."""
    *first, last = few(names, most) or ("",)
    return f"{', '.join(first)} {word} {last}" if first else last


def normalized(text: str) -> str:
    """A text that somebody typed: composed (NFC), with single blanks, without invisible characters.

    The rule of normalized() in data/importing/scope.py: queries/ import nothing of data/.
    """
    blanks = "".join(" " if char.isspace() else char for char in text)
    seen = "".join(
        char
        for char in blanks
        if unicodedata.category(char) not in INVISIBLE and char not in FILLERS
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())
