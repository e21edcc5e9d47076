"""The tiles: the main numbers, each with its scope, its change and a small curve."""

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch, today
from pages.charts.beside import Beside, Both, Changes
from pages.charts.card import CONFIG
from pages.charts.changes import COLUMNS, LIVE, within_chance
from pages.charts.tile_curves import CURVES, curve, in_words
from pages.frame.comparing import (
    counts_compare,
    have_as_many_days,
    is_other_period,
    names,
    not_in_the_data,
    second_choice,
)
from pages.frame.empty_period import say_that_the_period_is_empty
from pages.frame.place import keyed
from pages.frame.scopes import ALL_TIME, of_moment, of_period
from pages.frame.url_state import chosen
from pages.text.definitions import COMPARED, DEFINITIONS
from pages.text.escape import escaped
from pages.text.numbers import percent, plural, whole
from queries.filters import Filters
from queries.text import days, listed

TILES = tuple(label for label in COLUMNS if label != LIVE)
RATES = ("Redemption rate", "Cancellation rate")
OF_ALL_TIME = ("Codes issued",)  # which no period changes
BAD = ("Cancelled", "Cancellation rate")


def tiles(labels: tuple[str, ...] = TILES, *, with_curves: bool = False) -> pd.Series:
    """Draw the tiles of the filters in force, or some of them; returns their numbers.

    Beside them stand those of a second choice, or the change against the period before.
    """
    filters = chosen()
    second = second_choice()
    numbers = fetch("numbers", filters).iloc[0]
    # Days after the end of the data are in no picture: with them, less would always look worse.
    is_over = filters.to is None or filters.to <= today()
    earlier = filters.previous(today()) if is_over and second is None else None
    lacking = not_in_the_data(period) if (period := second or earlier) else ""
    other = second or earlier
    others = fetch("numbers", other).iloc[0] if other else None
    steps = fetch("trend", filters) if with_curves else None
    beside: Beside = Changes(others)
    if second and others is not None:
        same = OF_ALL_TIME if is_other_period(second) else ()
        beside = Both(others, names(second).b, counts_compare(second), same)
    with st.grid(len(labels), min_column_width=128, gap="xsmall"):
        for label in labels:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _tile(label, numbers, beside, steps)
    if isinstance(beside, Both) and second:
        st.caption(escaped(_of_both(second, beside, lacking)), help=COMPARED)
    elif earlier and others is not None:
        st.caption(escaped(f"{_compared(labels, earlier, numbers, others)} {lacking}".rstrip()))
    elif not is_over:
        st.caption("The period goes on after the end of the data: it is not compared with another.")
    say_that_the_period_is_empty(int(numbers["redemptions"]))
    return numbers


def _tile(label: str, numbers: pd.Series, beside: Beside, steps: pd.DataFrame | None) -> None:
    """Draw a number; the codes live stand in the tile of the codes issued, where a period is."""
    value = numbers[COLUMNS[label]]
    st.metric(
        label,
        percent(value) if label in RATES else whole(value),
        beside.delta(label, numbers),
        delta_color="inverse" if label in BAD else "normal",
        help=_explained(label, numbers),
    )
    if label in CURVES and steps is not None and len(steps) > 1:
        st.plotly_chart(
            curve(steps, label),
            key=keyed(f"curve_{COLUMNS[label]}"),
            config=CONFIG,
            alt=in_words(steps, label),
        )
    st.caption(escaped(_scope(label, numbers)))
    for sentence in beside.sentences(label, numbers):
        st.caption(escaped(sentence))
    if label == "Codes issued" and of_period() != ALL_TIME:
        _tile(LIVE, numbers, beside, steps)


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


def _scope(label: str, numbers: pd.Series) -> str:
    if label == "Codes issued":
        return ALL_TIME
    if label == "Outstanding":
        return of_moment()
    if label == "Redemption rate":
        codes = "codes live" if of_period() != ALL_TIME else "codes"
        of = f"{whole(numbers['redeemed_live'])} of {whole(numbers['codes_live'])} {codes}"
        return f"{of}, {of_period()}"
    return of_period()


def _compared(
    labels: tuple[str, ...], earlier: Filters, numbers: pd.Series, before: pd.Series
) -> str:
    """With which period the changes compare, and which of them chance would bring as well."""
    first, last = earlier.from_, earlier.to
    length = plural((last - first).days + 1, "day") if first and last else ""
    sentence = f"Compared with the {length} before ({days(first, last)})."
    by_chance = [label for label in labels if within_chance(label, numbers, before)]
    if by_chance:
        sentence += f" Within what chance does: {listed(by_chance)}."
    return sentence


def _explained(label: str, numbers: pd.Series) -> str:
    text = DEFINITIONS[label]
    if label == "Outstanding":
        soon = ", ".join(
            f"{whole(numbers[f'expiring_{days}'])} within {days} days" for days in (7, 14, 30)
        )
        text += f" Of these expire: {soon}."
    return text
