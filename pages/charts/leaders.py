"""Parts of readings: who comes first, and sentences for empty results."""

import pandas as pd

from pages.charts.style import TOP, enough
from pages.text.numbers import plural, whole

NO_REDEMPTION = "There is no redemption among what is chosen."
ALL_CANCELLED = "Every redemption here was cancelled."
NONE_CANCELLED = "None of these redemptions was cancelled."
NO_CODE = "There is no code among what is chosen."


def leader(names: pd.Series, amounts: pd.Series, kind: str) -> tuple[str, bool]:
    """The start of a sentence on who has the largest amount; and whether several share it."""
    first = names[amounts == amounts.max()].tolist()
    count = len(names) - int((names == f"(no {kind})").sum())
    if len(names) == 1 or (count == 1 and len(first) == 1):
        return f"{first[0]}:", False
    if len(first) == 1:
        return f"{first[0]} leads {plural(count, kind)} with", False
    are = f"{first[0]} and {first[1]}" if len(first) == 2 else f"{whole(len(first))} {kind}s"
    return f"{are} lead with", True


def left_out(count: int, kind: str, several: str = "") -> str:
    """How many of the names a chart shows, as a sentence with a blank before it."""
    if count <= TOP:
        return ""
    all_ = plural(count, kind, several)
    return f" The chart shows the first {TOP} of {all_}, the table all of them."


def named(frame: pd.DataFrame, column: str, kind: str) -> pd.DataFrame:
    """The rows that can lead: not “(no site)” and its like, unless there is no other."""
    rows = frame[frame[column] != f"(no {kind})"]
    return frame if rows.empty else rows


def highest_rate(frame: pd.DataFrame, kind: str) -> tuple[pd.DataFrame, str]:
    """The rows that share the highest cancellation rate, of those with enough redemptions to judge.

    And the words for those: none where all rows have enough.
    """
    least = enough(frame["redemptions"])
    telling = frame[frame["redemptions"] >= least]
    rates = telling["cancellation_rate"].astype(float)
    highest = telling[rates == rates.max()]
    if len(telling) == len(frame):
        return highest, ""
    return highest, f" of the {kind}s with at least {plural(least, 'redemption')}"
