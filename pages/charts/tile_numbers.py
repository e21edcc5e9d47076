"""What the tiles say, before anything is drawn: each number, its scope, its change, its help."""

from typing import NamedTuple

import pandas as pd

from pages.answers.fetch import fetch, today
from pages.charts.beside import Beside, Both, Changes
from pages.charts.changes import COLUMNS, LIVE, within_chance
from pages.frame.comparing import (
    counts_compare,
    have_as_many_days,
    is_other_period,
    names,
    not_in_the_data,
    second_choice,
)
from pages.frame.scopes import ALL_TIME, of_moment, of_period
from pages.frame.url_state import chosen
from pages.text.definitions import COMPARED, DEFINITIONS
from pages.text.numbers import percent, plural, whole
from queries.filters import Filters
from queries.text import days, listed

TILES = tuple(label for label in COLUMNS if label != LIVE)
RATES = ("Redemption rate", "Cancellation rate")
OF_ALL_TIME = ("Codes issued",)  # which no period changes
BAD = ("Cancelled", "Cancellation rate")
GOES_ON = "The period goes on after the end of the data: it is not compared with another."


class Number(NamedTuple):
    """A number with its name: what is beside it, below it, and how it is counted."""

    label: str
    value: str
    delta: str | int | None
    explained: str
    scope: str
    sentences: tuple[str, ...] = ()  # of the other side of a comparison

    @property
    def is_bad(self) -> bool:
        """Whether more of it is worse."""
        return self.label in BAD


class Numbers(NamedTuple):
    """The numbers of the filters in force: the row of the query, the tiles, and what they say."""

    row: pd.Series
    tiles: tuple[Number, ...]
    note: str  # with what they are compared, or why with nothing
    compared: str  # how a comparison is counted, where there is one


def numbers_of(labels: tuple[str, ...] = TILES) -> Numbers:
    """The tiles of the filters in force; the codes live come after the codes issued in a period.

    Beside them are those of a second choice, or the change against the period before.
    """
    filters = chosen()
    second = second_choice()
    row = fetch("numbers", filters).iloc[0]
    # Days after the end of the data are in no picture: with them, less would always look worse.
    is_over = filters.to is None or filters.to <= today()
    earlier = filters.previous(today()) if is_over and second is None else None
    lacking = not_in_the_data(period) if (period := second or earlier) else ""
    other = second or earlier
    others = fetch("numbers", other).iloc[0] if other else None
    beside: Beside = Changes(others)
    if second and others is not None:
        same = OF_ALL_TIME if is_other_period(second) else ()
        beside = Both(others, names(second).b, counts_compare(second), same)
    note = "" if is_over else GOES_ON
    if isinstance(beside, Both) and second:
        note = _of_both(second, beside, lacking)
    elif earlier and others is not None:
        note = f"{_compared(labels, earlier, row, others)} {lacking}".rstrip()
    tiles = tuple(_number(label, row, beside) for label in _with_live(labels))
    return Numbers(row, tiles, note, COMPARED if isinstance(beside, Both) else "")


def _with_live(labels: tuple[str, ...]) -> list[str]:
    """The labels, with the codes live after the codes issued where a period is chosen."""
    has_period = of_period() != ALL_TIME and LIVE not in labels
    further = {"Codes issued": [LIVE]} if has_period else {}
    return [one for label in labels for one in (label, *further.get(label, ()))]


def _number(label: str, row: pd.Series, beside: Beside) -> Number:
    value = row[COLUMNS[label]]
    return Number(
        label,
        percent(value) if label in RATES else whole(value),
        beside.delta(label, row),
        _explained(label, row),
        _scope(label, row),
        tuple(beside.sentences(label, row)),
    )


def _of_both(second: Filters, beside: Both, lacking: str) -> str:
    """What the differences are of, and why counts have no ratio where they have none."""
    a, b = names(second)
    sentence = f"Differences are {a} minus {b}, with intervals of 95%."
    if not beside.is_same_length and not (lacking and have_as_many_days(second)):
        sentence += (
            f" The periods have different lengths ({of_period()} and {of_period(second)}), so "
            "counts have no ratio."
        )
    if lacking:
        sentence += f" {lacking}"
        sentence += "" if beside.is_same_length else " So counts have no ratio."
    return sentence


def _scope(label: str, row: pd.Series) -> str:
    if label == "Codes issued":
        return ALL_TIME
    if label == "Outstanding":
        return of_moment()
    if label == "Redemption rate":
        codes = "codes live" if of_period() != ALL_TIME else "codes"
        of = f"{whole(row['redeemed_live'])} of {whole(row['codes_live'])} {codes}"
        return f"{of}, {of_period()}"
    return of_period()


def _compared(labels: tuple[str, ...], earlier: Filters, row: pd.Series, before: pd.Series) -> str:
    """With which period the changes compare, and which of them chance would bring as well."""
    first, last = earlier.from_, earlier.to
    length = plural((last - first).days + 1, "day") if first and last else ""
    sentence = f"Compared with the {length} before ({days(first, last)})."
    by_chance = [label for label in labels if within_chance(label, row, before)]
    if by_chance:
        sentence += f" Within what chance does: {listed(by_chance)}."
    return sentence


def _explained(label: str, row: pd.Series) -> str:
    text = DEFINITIONS[label]
    if label == "Outstanding":
        soon = ", ".join(
            f"{whole(row[f'expiring_{days}'])} within {days} days" for days in (7, 14, 30)
        )
        text += f" Of these expire: {soon}."
    return text
