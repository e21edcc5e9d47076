"""What the outstanding codes will still bring, as the charts and sentences of Exposure say it."""

from typing import NamedTuple

import pandas as pd

from pages.answers.memo import memoized
from pages.text.numbers import plural, whole
from queries.chance import Interval
from queries.forecast import AIM, LEAST_BATCHES, Part, Past, to_come, whole_codes
from queries.text import listed

MOST_DAYS = 90  # until an expiry, of which the charts tell
NONE_OUTSTANDING = "None of these codes could be redeemed at that moment."
MOST_NAMED = 6  # groups in a sentence
OF_PAST = ["batches", "past_codes", "past_redeemed", "size", "share", "spread"]


class Outlook(NamedTuple):
    """The outstanding codes by when they expire, and what comes of those that can be judged."""

    soon: int
    later: int
    never: int
    judged: int  # of those that expire soon
    to_come: Interval
    unjudged: dict[str, int]  # by group the most past batches that one of its codes has

    @property
    def outstanding(self) -> int:
        """All outstanding codes: the number of the tile."""
        return self.soon + self.later + self.never


@memoized
def outlook(frame: pd.DataFrame) -> Outlook:
    """The outlook of the rows of exposure.sql."""
    counts = dict.fromkeys(("soon", "later", "never"), 0)
    unjudged: dict[str, int] = {}
    judged, parts = 0, []
    columns = (frame[name].tolist() for name in ("reach", "group_name", "codes", "batches"))
    for reach, group, codes, batches, here in zip(*columns, coming(frame), strict=True):
        counts[reach] += codes
        if here is not None:
            judged += codes
            parts += here
        elif reach == "soon":
            unjudged[group] = max(batches, unjudged.get(group, 0))
    return Outlook(**counts, judged=judged, to_come=to_come(parts), unjudged=unjudged)


@memoized
def coming(frame: pd.DataFrame) -> list[list[Part] | None]:
    """What can come of the codes of each row; None where there is too little history to say.

    Of those that expire at the midnight nearest to the moment, nothing does.
    """
    columns = [frame[name] for name in ("reach", "days_left", "codes", *OF_PAST)]
    return [_parts(*row) if row[0] == "soon" else None for row in zip(*columns, strict=True)]


def _parts(
    _: str, days_left: int, codes: int, batches: int, of: int, redeemed: int, *shares: float
) -> list[Part] | None:
    if days_left == 0:
        return []
    if batches < LEAST_BATCHES:
        return None
    return [Part(int(codes), Past(int(batches), int(of), int(redeemed), *shares))]


def about(interval: Interval) -> str:
    """A number of codes to come with its interval: about 620 (410–830)."""
    low, high = whole_codes(interval)
    return f"about {whole(interval.value)} ({whole(low)}–{whole(high)})"


@memoized
def reading(frame: pd.DataFrame) -> str:
    """When the outstanding codes expire, and how many of them will still be redeemed."""
    ahead = outlook(frame)
    if not ahead.outstanding:
        return NONE_OUTSTANDING
    codes = plural(ahead.outstanding, "outstanding code")
    if ahead.soon == ahead.outstanding:
        return f"{codes}, to expire within {MOST_DAYS} days. {_coming(ahead)}"
    counts = [
        (ahead.soon, f"expire within {MOST_DAYS} days"),
        (ahead.later, "later" if ahead.soon else f"expire in more than {MOST_DAYS} days"),
        (ahead.never, "never expire"),
    ]
    when = listed([f"{whole(count)} {words}" for count, words in counts if count])
    return f"{codes}: {when}. {_coming(ahead)}" if ahead.soon else f"{codes}: {when}."


def _coming(ahead: Outlook) -> str:
    """How many of those that expire soon come, and of how many nobody can tell."""
    others = ahead.soon - ahead.judged
    if not ahead.judged:
        return f"Not enough history to say how many will be redeemed: {_needed(ahead.unjudged)}."
    are = "are likely to be redeemed before they expire, as far as past batches tell"
    aim = f"the range aims to hold in {AIM:.0%} of cases"
    within = "of these" if ahead.soon == ahead.outstanding else f"of those within {MOST_DAYS} days"
    if not others:
        return f"{about(ahead.to_come).capitalize()} {within} {are}; {aim}."
    return (
        f"{about(ahead.to_come).capitalize()} of {whole(ahead.judged)} of them {are}; {aim}. "
        f"Of the other {whole(others)} there is too little history: {_needed(ahead.unjudged)}."
    )


def _needed(unjudged: dict[str, int]) -> str:
    """How many past batches it takes, and how many those groups have that have too few."""
    have = [f"{group} has {whole(most) if most else 'none'}" for group, most in unjudged.items()]
    return (
        f"it takes {LEAST_BATCHES} past batches of the group that ran about as long and whose "
        f"codes were outstanding as many days before they expired, and {listed(have, MOST_NAMED)}"
    )
