"""How numbers and sizes are written on the screen."""

import math


def whole(value: float | None) -> str:
    """12345 as 12,345."""
    return "–" if missing(value) else f"{value:,.0f}"


def percent(value: float | None) -> str:
    """0.345 as 34.5%."""
    return "–" if missing(value) else f"{value:.1%}"


def percent_within(value: float | None, low: float, high: float) -> str:
    """A rate with its interval: 9.4% (8.1–10.9)."""
    if missing(value):
        return percent(value)
    return f"{percent(value)} ({low * 100:.1f}–{high * 100:.1f})"


def missing(value: float | None) -> bool:
    """Whether a number is None or NaN."""
    return value is None or math.isnan(value)


def plural(count: float, word: str, several: str = "") -> str:
    """1 code, 2 codes; `several` where an s does not do: 2 batches."""
    return f"{whole(count)} {word if count == 1 else several or word + 's'}"


def size(count: float) -> str:
    """A number of bytes: 3.4 kB."""
    for unit, bytes_ in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= bytes_:
            return f"{count / bytes_:.1f} {unit}"
    return f"{count:.0f} bytes"


def latest(shown: int, every: int) -> str:
    """How many a list leaves out that shows the latest, as a sentence with a blank before it."""
    return f" These are the latest {shown:,} of {every:,}." if shown < every else ""
