"""Parts of readings: who comes first, whether by chance, and sentences for empty results."""

from typing import NamedTuple

import pandas as pd

from pages.answers.memo import memoized
from pages.charts.style import ENOUGH, TOP
from pages.text.numbers import percent, plural, whole
from queries.chance import above_others, ratio

NO_REDEMPTION = "No redemptions match these filters."
ALL_CANCELLED = "Every redemption here was cancelled."
NONE_CANCELLED = "None of these redemptions was cancelled."
NO_CODE = "No codes match these filters."
WITHIN, BEYOND = "within what chance does", "beyond what chance does"
WORTH_SAYING = 0.05  # of all redemptions, without a name


class Parts(NamedTuple):
    """The rows of a chart by name: those that can lead, and what is apart from them."""

    named: pd.DataFrame
    nameless: pd.DataFrame  # “(no site)” and its like: one row at most
    beside: int  # redemptions known only from codes files, which a chart by site does not show

    @property
    def shown(self) -> pd.DataFrame:
        """All rows that the chart may show, what has no name last."""
        return pd.concat([self.named, self.nameless])


@memoized
def parts(frame: pd.DataFrame, column: str, kind: str) -> Parts:
    """The rows of by_site.sql or cancellations.sql, whose names are in the column."""
    shown = frame[~frame["from_codes_file"].astype(bool)]
    beside = frame[frame["from_codes_file"].astype(bool)]
    is_nameless = shown[column] == f"(no {kind})"
    return Parts(shown[~is_nameless], shown[is_nameless], int(beside["redemptions"].sum()))


def all_names(frame: pd.DataFrame, column: str) -> pd.Series:
    """The names of all rows, also of the one that a chart by site does not show."""
    return frame[column].mask(frame["from_codes_file"].astype(bool), "(known only from code files)")


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


def ahead_of_the_next(counts: pd.Series) -> str:
    """Whether the largest count is ahead of the next one by more than chance brings.

    As words that follow the largest; none where there is no other.
    """
    if len(counts) < 2:
        return ""
    first, second = (int(count) for count in counts.nlargest(2))
    chance = WITHIN if ratio(first, second).holds(1) else BEYOND
    return f", {chance} (the next: {whole(second)})"


def highest_rate(frame: pd.DataFrame, several: str) -> tuple[pd.DataFrame, str]:
    """The rows that share the highest cancellation rate, of those with enough to tell.

    None where fewer than two have enough. And the words for those with enough; `several` says
    what the rows are.
    """
    telling = frame[frame["redemptions"] >= ENOUGH]
    if len(telling) < 2:
        return telling[:0], ""
    rates = telling["cancellation_rate"].astype(float)
    least = f" with at least {ENOUGH} redemptions" if len(telling) < len(frame) else ""
    return telling[rates == rates.max()], f" of the {several}{least}"


def chance_of(leading: pd.DataFrame, frame: pd.DataFrame, several: str) -> tuple[str, pd.DataFrame]:
    """Whether chance would make the leading row's cancellation rate the highest of the frame's.

    As words that follow it. And, where chance would, the rows whose rates it would not make so
    high, the highest first.
    """
    beyond = _beyond_chance(frame)
    count = int((frame["redemptions"] >= ENOUGH).sum())
    among = f" among {whole(count)} {several}" if len(frame) > 2 else ""
    is_beyond = leading.index[0] in beyond.index
    return f", {BEYOND if is_beyond else WITHIN}{among}", beyond[:0] if is_beyond else beyond


def _beyond_chance(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows whose cancellation rate is higher than chance would make it, the highest first."""
    counts = (frame["cancelled"].astype(int).tolist(), frame["redemptions"].astype(int).tolist())
    return frame[above_others(*counts, ENOUGH)].sort_values("cancellation_rate", ascending=False)


def left_out(count: int, kind: str, several: str = "") -> str:
    """How many of the names a chart shows, as a sentence with a blank before it."""
    if count <= TOP:
        return ""
    all_ = plural(count, kind, several)
    return f" The chart shows the first {TOP} of {all_}, the table all of them."


def apart(rows: Parts, kind: str) -> str:
    """What is apart from the names, where it is much, as sentences with a blank before each."""
    without, all_ = rows.nameless["redemptions"].sum(), rows.shown["redemptions"].sum()
    much = len(rows.named) and without > WORTH_SAYING * all_
    sentence = f" {percent(without / all_)} of these redemptions have no {kind}." if much else ""
    return sentence + known_only_from_codes(rows.beside)


def known_only_from_codes(count: int) -> str:
    """How many redemptions have no site by nature, as a sentence with a blank before it."""
    if not count:
        return ""
    has, is_ = ("has", "is") if count == 1 else ("have", "are")
    return (
        f" {plural(count, 'redemption')} known only from code files {has} no site and {is_} not "
        "shown here."
    )
