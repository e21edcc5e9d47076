"""Two choices side by side, counted in plain Python."""

import math
from datetime import datetime
from typing import NamedTuple

from queries.filters import Filters
from tests.support.model import NUMBERS, Model

RATES = {
    "redemption_rate": ("redeemed_codes", "codes_issued"),
    "cancellation_rate": ("cancelled", "redemptions"),
}
Z = 1.959963984540054  # of a normal distribution, 2.5 % lie above it


class Row(NamedTuple):
    """A number of both choices; None where it is unknown."""

    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None


def compared(model: Model, first: Filters, second: Filters, now: datetime) -> dict[str, Row]:
    """The numbers of both choices by their names."""
    a, b = (model.view(filters, now)["numbers"] for filters in (first, second))
    rows = {}
    for name in NUMBERS:
        apart = None if None in (a[name], b[name]) else a[name] - b[name]
        low = high = None
        if name in RATES and apart is not None:
            part, whole = RATES[name]
            low, high = _newcombe(a[part], a[whole], b[part], b[whole])
        rows[name] = Row(a[name], b[name], apart, low, high)
    return rows


def _newcombe(part_a: int, whole_a: int, part_b: int, whole_b: int) -> tuple[float, float]:
    """The ends of the interval of rate A minus rate B, from the intervals of both rates."""
    a, b = part_a / whole_a, part_b / whole_b
    (low_a, high_a), (low_b, high_b) = _wilson(part_a, whole_a), _wilson(part_b, whole_b)
    return (
        a - b - math.sqrt((a - low_a) ** 2 + (high_b - b) ** 2),
        a - b + math.sqrt((high_a - a) ** 2 + (b - low_b) ** 2),
    )


def _wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's interval of a rate: where the rate is Z standard errors away from the end."""
    rate, square = part / whole, Z * Z / whole
    middle = (rate + square / 2) / (1 + square)
    half = math.sqrt(rate * (1 - rate) * square + square * square / 4) / (1 + square)
    return middle - half, middle + half
