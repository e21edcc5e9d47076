"""What stands beside redemptions over time: the strongest period, the highest rate, by chance?"""

import pandas as pd

from pages.answers.memo import memoized
from pages.charts.leaders import (
    ALL_CANCELLED,
    NO_REDEMPTION,
    NONE_CANCELLED,
    ahead_of_the_next,
    chance_of,
    highest_rate,
)
from pages.charts.periods import within
from pages.charts.style import ENOUGH
from pages.text.definitions import cancellation_rate
from pages.text.numbers import percent, percent_within, plural, whole


@memoized
def reading(frame: pd.DataFrame, grain: str) -> str:
    """The strongest period and whether by chance, and what cancelled means here."""
    net, cancelled = int(frame["net"].sum()), int(frame["cancelled"].sum())
    if net + cancelled == 0:
        return NO_REDEMPTION
    if not net:
        if cancelled == 1:
            return f"{ALL_CANCELLED} There is one, shown when it was redeemed."
        return f"{ALL_CANCELLED} There are {whole(cancelled)}, shown when they were redeemed."
    pale = (
        "" if frame["whole"].all() else " Pale bars: the period covers only part of them."
    )  # fmt: skip
    return (
        f"{plural(net, 'net redemption')}{_most(frame, grain)}; {whole(cancelled)} cancelled, "
        f"shown when they were redeemed.{pale}"
    )


@memoized
def rate_reading(frame: pd.DataFrame, grain: str) -> str:
    """The rate over all periods; and the highest, whether by chance, where enough can be judged."""
    frame = frame.assign(redemptions=frame["net"] + frame["cancelled"])
    cancelled, redemptions = frame["cancelled"].sum(), int(frame["redemptions"].sum())
    if not redemptions:
        return NO_REDEMPTION
    if not cancelled:
        return NONE_CANCELLED
    several = f"{grain}s"
    rate = percent(cancellation_rate(cancelled, redemptions))
    overall = f"{rate} of {plural(redemptions, 'redemption')} were cancelled"
    used = frame[frame["redemptions"] > 0]
    if len(used) == 1:
        return f"{overall}, all {within(used['period'].iloc[0], grain, frame['period'])}."
    hollow = (used["redemptions"] < ENOUGH).any()
    note = f" Hollow points: fewer than {ENOUGH} redemptions." if hollow else ""
    leading, among = highest_rate(used, several)
    if leading.empty:
        return (
            f"{overall}; fewer than two {several} have the {ENOUGH} redemptions that it takes to "
            f"compare them.{note}"
        )
    highest = leading.iloc[0]
    if not highest["cancelled"]:
        return f"{overall}, none of them{among}.{note}"
    if len(leading) > 1:
        rate = percent(highest["cancellation_rate"])
        share = f"{whole(len(leading))} {several} share the highest rate{among}: {rate}."
        return f"{overall}; {share}{note}"
    when = within(highest["period"], grain, frame["period"])
    rate = percent_within(highest["cancellation_rate"], highest["low"], highest["high"])
    chance, _ = chance_of(leading, used, several)
    of = f"{rate} of {whole(highest['redemptions'])}"
    return f"{overall}. The highest rate{among} was {when}: {of}{chance}.{note}"


def _most(frame: pd.DataFrame, grain: str) -> str:
    """The period with the most net redemptions, where that is enough to tell."""
    best = frame[frame["net"] == frame["net"].max()]
    when = within(best["period"].iloc[0], grain, frame["period"])
    if len(frame) == 1:
        return f" {when}"
    if best["net"].iloc[0] < ENOUGH:
        return ""
    most = f", the most ({whole(best['net'].iloc[0])})"
    if len(best) > 1:
        return f"{most} in each of {whole(len(best))} {grain}s"
    return f"{most} {when}{ahead_of_the_next(frame['net'])}"
