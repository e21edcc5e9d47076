"""What stands below a comparison by age: who is too young for it, and what does not narrow it."""

from collections.abc import Sequence

import streamlit as st

from pages.answers.fetch import fetch
from pages.charts.cohorts import MOST_NAMED, shown, those
from pages.frame.url_state import chosen
from pages.text.escape import escaped
from pages.text.numbers import plural, whole
from queries.filters import BY_NAME
from queries.text import listed


def too_young_note(by: str, days: int) -> None:
    """Draw which cohorts have no code old enough, and since when they run."""
    young = fetch("too_young", chosen(), by=by, days=days)
    phrases = [
        f"{shown(name, by)} {_age(age)} ({whole(redeemed)} of {plural(codes, 'code')} redeemed)"
        for name, codes, redeemed, age in young.itertuples(index=False)
    ]
    if phrases:
        st.caption(escaped(f"Too young to compare: {listed(phrases, MOST_NAMED)}."))


def no_curve_note(by: str) -> None:
    """Draw which cohorts have no curve: those with a code that is not a day old."""
    rates = fetch("rate_within_days", chosen(), by=by, days=1)
    young = [str(name) for name in rates["name"][rates["too_young"] > 0]]
    if young:
        st.caption(
            escaped(
                f"No curve: {those(young, by)}. A curve goes as far as all codes of it are "
                "observed, and some of these started less than a day before the data end, or later."
            )
        )


def scope_note(where: str = "at any site and at any time", judging: Sequence[str] = ()) -> None:
    """Draw which filters do not narrow what is shown: those that choose redemptions.

    `where` says which redemptions count, `judging` has those filters that it goes by after all.
    """
    names = {name for name, _ in chosen().to_query() if BY_NAME[name].chooses == "redemptions"}
    labels = [field.label for name, field in BY_NAME.items() if name in names - set(judging)]
    if labels:
        filters = "filter" if len(labels) == 1 else "filters"
        st.caption(
            f"Counts the first redemption of each code, {where}: not narrowed by the {filters} "
            f"{listed(labels)}."
        )


def _age(days: int) -> str:
    if days < 0:
        return f"starts in {plural(-days, 'day')}"
    return f"running for {plural(days, 'day')}" if days else "running for less than a day"
