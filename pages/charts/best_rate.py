"""The sentence on who has the highest rate, and whether chance would do the same."""

import pandas as pd

from pages.charts.cohorts import Kind
from pages.charts.style import ENOUGH
from pages.text.numbers import percent, plural, whole
from queries.chance import wilson
from queries.text import listed

MOST_NAMED = 2  # of those that share a rate
TOO_MUCH = 0.05  # of the codes, without a name: then the sentence says how many
CHANCE = "within what chance does"


def with_interval(part: float, of: float) -> str:
    """A rate with its interval of 95 %: 9.4% (8.1–10.9)."""
    rate = wilson(part, of)
    return f"{percent(rate.value)} ({rate.low * 100:.1f}–{rate.high * 100:.1f})"


def best_rate(rows: pd.DataFrame, kind: Kind, done: str) -> str:
    """Who leads of rows with `name`, `codes` and `redeemed`; `done` ends what codes were.

    Only a name with enough codes leads, and “(no batch)” and its like never do: how much of all
    codes these have is said apart.
    """
    nameless = rows["name"] == f"(no {kind.one})"
    named = rows[~nameless]
    if len(rows) == 1:
        return f"{_of(rows.iloc[0], done)}."
    without = rows[nameless]["codes"].sum()
    share = without / rows["codes"].sum()
    rest = f" Without a {kind.one}: {percent(share)} of the codes." if share > TOO_MUCH else ""
    return f"{_best(named, kind, done)}{rest}"


def _best(named: pd.DataFrame, kind: Kind, done: str) -> str:
    if len(named) == 1:
        return f"{_of(named.iloc[0], done)}."
    all_ = plural(len(named), kind.one, kind.several)
    telling = named[named["codes"] >= ENOUGH]
    if telling.empty:
        return f"None of {all_} has {ENOUGH} codes or more, too few to name the best one."
    if not named["redeemed"].sum():
        return f"No code of {all_} was {done}."
    rates = telling["redeemed"] / telling["codes"]
    first = telling[rates == rates.max()]
    among = (
        all_ if len(telling) == len(named) else f"the {kind.several} with {ENOUGH} codes or more"
    )
    if len(first) > 1:
        names = listed(list(first["name"]), MOST_NAMED)
        return f"Highest of {among}: {names} with {percent(rates.max())} each of codes {done}."
    best = first.iloc[0]
    others = named[named["name"] != best["name"]]
    counts = best["redeemed"], best["codes"]
    counts_of_others = others["redeemed"].sum(), others["codes"].sum()
    chance = wilson(*counts).overlaps(wilson(*counts_of_others))
    return (
        f"Highest of {among}{f', but {CHANCE}' if chance else ''}: {best['name']} with "
        f"{with_interval(*counts)} of {plural(best['codes'], 'code')} {done}; the others together "
        f"{with_interval(*counts_of_others)}."
    )


def _of(row: pd.Series, done: str) -> str:
    rate = with_interval(row["redeemed"], row["codes"])
    counts = f"{whole(row['redeemed'])} of {plural(row['codes'], 'code')}"
    return f"{row['name']}: {rate}, {counts} {done}"
