"""The sentence on who has the highest rate, and whether chance would do the same."""

import pandas as pd

from pages.charts.cohorts import Kind
from pages.charts.leaders import WITHIN
from pages.charts.style import ENOUGH
from pages.text.numbers import percent, percent_within, plural, whole
from queries.chance import above_others, wilson
from queries.text import listed

MOST_NAMED = 2  # of those that share a rate
TOO_MUCH = 0.05  # of the codes, without a name: then the sentence says how many


def with_interval(part: float, of: float) -> str:
    """A rate with its interval of 95 %: 9.4% (8.1–10.9)."""
    return percent_within(*wilson(part, of))


def best_rate(rows: pd.DataFrame, kind: Kind, done: str, code: str = "code") -> str:
    """Who leads of rows with `name`, `codes` and `redeemed`; `done` ends what codes were.

    Only a name with enough codes leads, and “(no batch)” and its like never do: how much of all
    codes these have is said apart.
    """
    if len(rows) == 1:
        return f"{_of(rows.iloc[0], done, code)}."
    nameless = rows["name"] == f"(no {kind.one})"
    share = rows[nameless]["codes"].sum() / rows["codes"].sum()
    rest = f" Without a {kind.one}: {percent(share)} of the codes." if share > TOO_MUCH else ""
    return f"{_best(rows[~nameless], kind, done, code)}{rest}"


def _best(named: pd.DataFrame, kind: Kind, done: str, code: str) -> str:
    if len(named) == 1:
        return f"{_of(named.iloc[0], done, code)}."
    all_ = plural(len(named), kind.one, kind.several)
    telling = named[named["codes"] >= ENOUGH]
    if telling.empty:
        return f"None of {all_} has {ENOUGH} codes or more, too few to name the best one."
    if not telling["redeemed"].sum():
        return f"No code of {all_} was {done}."
    rates = telling["redeemed"] / telling["codes"]
    first = telling[rates == rates.max()]
    if len(telling) < len(named):
        all_ = f"the {kind.several} with {ENOUGH} codes or more"
    if len(first) > 1:
        names = listed(list(first["name"]), MOST_NAMED)
        return f"Highest of {all_}: {names} with {percent(rates.max())} each of codes {done}."
    best, others = first.iloc[0], named.drop(index=first.index)[["redeemed", "codes"]].sum()
    counts = (named["redeemed"].astype(int).tolist(), named["codes"].astype(int).tolist())
    is_beyond = dict(zip(named.index, above_others(*counts, ENOUGH), strict=True))
    chance = "" if is_beyond[best.name] else f", but {WITHIN}"
    rate = f"{with_interval(best['redeemed'], best['codes'])} of {plural(best['codes'], code)}"
    rest = with_interval(others["redeemed"], others["codes"])
    return (
        f"Highest of {all_}{chance}: {best['name']} with {rate} {done}; the others together {rest}."
    )


def _of(row: pd.Series, done: str, code: str) -> str:
    rate = with_interval(row["redeemed"], row["codes"])
    return f"{row['name']}: {rate}, {whole(row['redeemed'])} of {plural(row['codes'], code)} {done}"
