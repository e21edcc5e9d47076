"""What stands beside a chart over time that is split: who leads, and what is gathered or apart."""

import pandas as pd

from pages.answers.memo import memoized
from pages.charts.cohorts import SPLITS
from pages.charts.leaders import (
    ALL_CANCELLED,
    BEYOND,
    NO_REDEMPTION,
    NONE_CANCELLED,
    WITHIN,
    WORTH_SAYING,
    ahead_of_the_next,
    highest_rate,
    known_only_from_codes,
)
from pages.charts.split_lines import Split, drawn, no_name, split
from pages.charts.style import ENOUGH
from pages.text.definitions import cancellation_rate
from pages.text.numbers import percent, percent_within, plural, whole
from queries.chance import above_others, wilson

PALE = " Hollow points: the period covers only part of them."


@memoized
def reading(frame: pd.DataFrame, by: str) -> str:
    """Who has the most net redemptions, and whether by chance; the others, and what is apart."""
    if frame.empty:
        return NO_REDEMPTION
    parts = split(frame, by)
    net = sum(line.net for line in parts.lines)
    if not net and parts.lines:
        first = ALL_CANCELLED if sum(line.cancelled for line in parts.lines) else NO_REDEMPTION
    else:
        first = _most(parts, by, net) if parts.lines else ""
    hollow = "" if frame["whole"].all() else PALE
    return f"{first}{_others(parts)}{_apart(parts, by)}{hollow}".strip()


@memoized
def rate_reading(frame: pd.DataFrame, by: str) -> str:
    """The highest cancellation rate over all periods, and whether by chance."""
    if frame.empty:
        return NO_REDEMPTION
    parts = split(frame, by)
    hollow = f" Hollow points: fewer than {ENOUGH} redemptions."
    return f"{_highest(parts, by)}{_apart(parts, by)}{hollow}".strip()


def _most(parts: Split, by: str, net: int) -> str:
    counts = pd.Series({line.label: line.net for line in parts.named}, dtype=int)
    if counts.empty or not counts.max():
        return f"{plural(net, 'net redemption')}, none with a {SPLITS[by].one}."
    label, most = counts.idxmax(), int(counts.max())
    share = f"{plural(most, 'net redemption')} ({percent(most / net)})"
    if len(counts) == 1:
        return f"{label}: {share}."
    if most < ENOUGH:
        all_ = plural(_count(parts), SPLITS[by].one, SPLITS[by].several)
        return f"Fewer than {ENOUGH} net redemptions in each of {all_}, too few to say which leads."
    of_all = plural(_count(parts), SPLITS[by].one, SPLITS[by].several)
    return f"The most of {of_all}: {label} with {share}{ahead_of_the_next(counts)}."


def _count(parts: Split) -> int:
    """How many names there are, the gathered ones too."""
    return len(parts.named) + (parts.others.names if parts.others else 0)


def _others(parts: Split) -> str:
    """What the gathered ones have together, and whether the chart shows them."""
    if parts.others is None:
        return ""
    is_drawn = any(line is parts.others for line in drawn(parts))
    apart = "" if is_drawn else ", not drawn: their line would dwarf the rest"
    return f" {parts.others.label} together: {whole(parts.others.net)} net{apart}."


def _apart(parts: Split, by: str) -> str:
    """What has no name, where it is much or not drawn, and what has no site by nature."""
    sentence = ""
    if parts.nameless and parts.named:
        all_ = sum(line.net + line.cancelled for line in parts.lines)
        share = (parts.nameless.net + parts.nameless.cancelled) / all_ if all_ else 0
        if share > WORTH_SAYING:
            sentence = f" {no_name(by)}: {percent(share)} of these redemptions."
    return sentence + known_only_from_codes(parts.beside)


def _highest(parts: Split, by: str) -> str:
    """The line with the highest rate, of those with a name and enough redemptions."""
    kind = SPLITS[by]
    rows = pd.DataFrame(
        [
            (line.label, line.cancelled, line.net + line.cancelled)
            for line in (*parts.named, *([parts.others] if parts.others else []))
        ],
        columns=["label", "cancelled", "redemptions"],
    )
    cancelled = sum(line.cancelled for line in parts.lines)
    redemptions = sum(line.net + line.cancelled for line in parts.lines)
    if not redemptions:
        return NO_REDEMPTION
    if not cancelled:
        return NONE_CANCELLED
    overall = f"{percent(cancellation_rate(cancelled, redemptions))} of "
    overall += f"{plural(redemptions, 'redemption')} were cancelled"
    rows["cancellation_rate"] = rows["cancelled"] / rows["redemptions"].where(
        rows["redemptions"] > 0
    )
    leading, among = highest_rate(rows[: len(parts.named)], kind.several)
    if len(leading) != 1 or not leading["cancelled"].iloc[0]:
        return f"{overall}."
    best = leading.iloc[0]
    counts = (rows["cancelled"].astype(int).tolist(), rows["redemptions"].astype(int).tolist())
    chance = BEYOND if above_others(*counts, ENOUGH)[int(leading.index[0])] else WITHIN
    rate = percent_within(*wilson(best["cancelled"], best["redemptions"]))
    return (
        f"{overall}. The highest rate{among}, over all periods: {best['label']} with {rate} of "
        f"{plural(best['redemptions'], 'redemption')}, {chance}."
    )
