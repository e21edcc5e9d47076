"""How a tile's number has changed against the period before, and whether chance does the same."""

from typing import NamedTuple

import pandas as pd

from pages.text.numbers import missing
from queries.chance import difference, ratio

LIVE = "Codes live"  # a number that only a period has
COLUMNS = {  # of the query `numbers`, by the labels of the tiles
    "Codes issued": "codes_issued",
    LIVE: "codes_live",
    "Redeemed codes": "redeemed_codes",
    "Redemption rate": "live_rate",
    "Net redemptions": "net",
    "Cancelled": "cancelled",
    "Cancellation rate": "cancellation_rate",
    "Outstanding": "outstanding",
}


class Parts(NamedTuple):
    """The columns of a rate: what is counted, of how many."""

    column: str
    part: str
    whole: str


RATES = {
    "Redemption rate": Parts("live_rate", "redeemed_live", "codes_live"),
    "Cancellation rate": Parts("cancellation_rate", "cancelled", "redemptions"),
}
COUNTS = {
    "Codes live": "codes_live",
    "Redeemed codes": "redeemed_codes",
    "Net redemptions": "net",
    "Cancelled": "cancelled",
}
BY_CHANCE = ("Redeemed codes", "Net redemptions", "Cancelled")  # counts of what happens by itself


def change_of(label: str, numbers: pd.Series, before: pd.Series | None) -> str | int | None:
    """The change in words: percent of a count, points of a rate; None where there is none.

    What does not depend on the period has no period before to compare with.
    """
    if before is None or label not in {**RATES, **COUNTS}:
        return None
    column = RATES[label].column if label in RATES else COUNTS[label]
    current, earlier = numbers[column], before[column]
    if missing(earlier) or missing(current) or earlier == 0:
        return None
    if current == earlier:
        return 0
    if label in RATES:
        points = round((current - earlier) * 100, 1)
        return f"{points:+.1f} points" if points else 0
    share = round((current - earlier) / earlier, 3)
    return f"{share:+.1%}" if share else 0


def within_chance(label: str, numbers: pd.Series, before: pd.Series) -> bool:
    """Whether the interval of a change holds no change."""
    if label in RATES:
        _, part, whole = RATES[label]
        changed = difference(numbers[part], numbers[whole], before[part], before[whole])
        return bool(change_of(label, numbers, before)) and changed.holds(0)
    if label in BY_CHANCE:
        column = COUNTS[label]
        changed = ratio(int(numbers[column]), int(before[column]))
        return bool(change_of(label, numbers, before)) and changed.holds(1)
    return False
