"""What stands beside a chart of a comparison: what differs most, and whether by chance."""

from typing import NamedTuple

import pandas as pd

from pages.charts.compared import MINUS
from pages.charts.leaders import BEYOND, WITHIN
from pages.charts.style import ENOUGH
from pages.text.numbers import percent, percent_within, plural, whole
from queries.chance import SIGNIFICANT, Interval, difference, holm, ratio, same_rate, wilson

KNOWN_ONLY = "(known only"  # from code files: counted beside the rows of sites
NOTHING = "There is nothing to compare on one of the two sides."


class Counted(NamedTuple):
    """What each row of a chart's table counts, and of how many (None: of the rows' sum).

    `several` says what the rows are, and `done` what was counted: "redeemed".
    """

    part: str
    whole: str | None
    several: str
    done: str


def differs_most(a: pd.DataFrame, b: pd.DataFrame, counted: Counted) -> str:
    """The row whose rate or share differs most between two tables, and whether by chance.

    Rows are told by the first column. What has no name is never named, nor is what has too few on
    either side to tell. Where both have no name in common, their sums are compared.
    """
    of_a, of_b = _counts(a, counted), _counts(b, counted)
    rows = of_a.add_suffix("_a").join(of_b.add_suffix("_b"), how="inner")
    rows = rows[~rows.index.astype("str").str.startswith("(")]
    if rows.empty:
        return _of_sums(of_a, of_b, counted) or _of_none(of_a, of_b, counted)
    rows = rows[(rows["whole_a"] >= ENOUGH) & (rows["whole_b"] >= ENOUGH)]
    if rows.empty:
        none = f"None of the {counted.several} has enough in both to compare them"
        sums = _of_sums(of_a, of_b, counted)
        return f"{none}; all together, {sums}" if sums else f"{none}."
    counts = [tuple(int(n) for n in row) for row in rows.itertuples(index=False)]
    apart = [difference(*four) for four in counts]
    p_values = holm([same_rate(*four) for four in counts])
    beyond = [
        p < SIGNIFICANT and not each.holds(0) for p, each in zip(p_values, apart, strict=True)
    ]
    place = max(range(len(counts)), key=lambda n: (beyond[n], abs(apart[n].value), -n))
    part_a, whole_a, part_b, whole_b = counts[place]
    among = f" among {whole(len(counts))} {counted.several}" if len(counts) > 1 else ""
    first = "Differs most" if len(counts) > 1 else "In both"
    return (
        f"{first}: {rows.index[place]}, {percent(part_a / whole_a)} {counted.done} against "
        f"{percent(part_b / whole_b)}, {points(apart[place])}, "
        f"{BEYOND if beyond[place] else WITHIN}{among}."
    )


def _of_sums(a: pd.DataFrame, b: pd.DataFrame, counted: Counted) -> str:
    """How the rates of all rows together differ; nothing where there is no such rate."""
    sums = [(int(rows["part"].sum()), int(rows["whole"].sum())) for rows in (a, b)]
    if counted.whole is None or not all(whole for _, whole in sums):
        return ""
    return rates_apart(sums[0], sums[1], counted.done)


def _of_none(a: pd.DataFrame, b: pd.DataFrame, counted: Counted) -> str:
    if not (a["whole"].any() and b["whole"].any()):
        return NOTHING
    return f"The two sides have none of the {counted.several} in common."


def points(apart: Interval) -> str:
    """A difference of rates: +2.2 points (+1.1 to +3.3)."""
    value, low, high = (f"{number * 100:+.1f}".replace("-", MINUS) for number in apart)
    return f"{value} points ({low} to {high})"


def totals_apart(count_a: int, count_b: int, word: str, *, same_length: bool) -> str:
    """How two counts differ, and whether by chance; only told where both are of as long a time."""
    counts = f"{plural(count_a, word)} against {whole(count_b)}"
    if not same_length:
        return f"{counts}, of another length of time."
    if not count_a or not count_b:
        return f"{counts}."
    times = ratio(count_a, count_b)
    chance = WITHIN if times.holds(1) else BEYOND
    value, low, high = (f"{number:.2f}" for number in times)
    return f"{counts}: {value} times as many ({low}–{high}), {chance}."


def rates_apart(parts_a: tuple[int, int], parts_b: tuple[int, int], done: str) -> str:
    """How two rates differ, each a part and the whole it is of, and whether by chance."""
    if not parts_a[1] or not parts_b[1]:
        return NOTHING
    apart = difference(*parts_a, *parts_b)
    rate_a, rate_b = (percent_within(*wilson(*parts)) for parts in (parts_a, parts_b))
    chance = WITHIN if apart.holds(0) else BEYOND
    return f"{rate_a} {done} against {rate_b}: {points(apart)}, {chance}."


def _counts(table: pd.DataFrame, counted: Counted) -> pd.DataFrame:
    """The part and the whole of each row, by the first column, without what is only beside them."""
    table = table[~table.iloc[:, 0].astype("str").str.startswith(KNOWN_ONLY)]
    part = table[counted.part].astype(int)
    all_ = part.sum() if counted.whole is None else table[counted.whole].astype(int)
    rows = pd.DataFrame({"part": part, "whole": all_})
    rows.index = pd.Index(table.iloc[:, 0])
    return rows[~rows.index.duplicated()]
