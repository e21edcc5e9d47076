"""A tile's number beside that of a second choice: the difference, and what chance makes of it."""

from typing import NamedTuple

import pandas as pd

from pages.charts.changes import BY_CHANCE, COLUMNS, RATES
from pages.text.numbers import missing, percent, whole
from queries.chance import Interval, difference, ratio

MINUS = "−"


class Compared(NamedTuple):
    """Both numbers of a tile."""

    a: float | None
    b: float | None
    apart: Interval | None  # the difference of two rates, or the ratio of two counts
    is_rate: bool

    @property
    def is_known(self) -> bool:
        """Whether there are two numbers."""
        return not missing(self.a) and not missing(self.b)

    @property
    def is_by_chance(self) -> bool:
        """Whether the interval holds no difference, though the numbers differ."""
        if self.apart is None or not self.is_known or self.a == self.b:
            return False
        return self.apart.holds(0 if self.is_rate else 1)


def compared(label: str, a: pd.Series, b: pd.Series, *, is_same_length: bool) -> Compared:
    """Both numbers of a tile, from the rows of the query `numbers`.

    Counts have a ratio where they are of the same length of time and of what happens by itself.
    """
    column = COLUMNS[label]
    if label in RATES:
        _, part, of = RATES[label]
        return Compared(a[column], b[column], difference(a[part], a[of], b[part], b[of]), True)
    chance = None
    if is_same_length and label in BY_CHANCE:
        chance = ratio(int(a[column]), int(b[column]))
    return Compared(a[column], b[column], chance, False)


def delta(numbers: Compared) -> str | int | None:
    """The difference A − B as the tile shows it; None where there is none."""
    if not numbers.is_known or numbers.a is None or numbers.b is None:
        return None
    apart = numbers.a - numbers.b
    if numbers.is_rate:
        points = round(apart * 100, 1)
        return f"{points:+.1f} points" if points else 0
    return f"{apart:+,.0f}" if apart else 0


def second_number(numbers: Compared) -> str:
    """The number of B."""
    return percent(numbers.b) if numbers.is_rate else whole(numbers.b)


def interval(numbers: Compared) -> str:
    """How far chance may have moved the difference, in words; nothing where that is unknown."""
    apart = numbers.apart
    if apart is None or missing(apart.value) or missing(apart.low) or missing(apart.high):
        return ""
    if numbers.is_rate:
        return f"difference {_points(apart.low)} to {_points(apart.high)} points"
    if not numbers.b:
        return ""
    return f"{apart.value:.2f} times as many ({apart.low:.2f}–{apart.high:.2f})"


def _points(value: float) -> str:
    return f"{value * 100:+.1f}".replace("-", MINUS)
