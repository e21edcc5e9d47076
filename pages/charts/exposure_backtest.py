"""The backtest of Exposure: each past batch as it would have been expected, and what came."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.sides import Both
from pages.text.numbers import percent, plural, whole
from queries.forecast import AIM, LEAST_BATCHES, Counts, Judged, backtest, whole_codes

LEAST_JUDGED = 10  # cases, to tell whether the aim is missed
BY = ["group_name", "days_left"]
ALIKE = [*BY, "lifetime"]
HOW = (
    "Each past batch is left out once, and what came of its outstanding codes 28, 14 and 7 days "
    "before they expired is compared with the interval that all other past batches of its group "
    f"that ran about as long give ({LEAST_BATCHES} batches or more). The lifetime of a batch is "
    f"that of most of its codes. The interval aims to hold in {AIM:.0%} of the cases. "
    "Of one batch the three numbers of days are not independent."
)


@memoized
def cases(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of exposure_backtest.sql that can be judged, with what was expected of each."""
    found = []
    for _, rows in frame.groupby(ALIKE, sort=False, dropna=False):
        counts = [Counts(*pair) for pair in rows[["outstanding", "redeemed"]].to_numpy().tolist()]
        if judged := backtest(counts):
            found.append(rows.assign(**_columns(judged))[rows["is_own"]])
    return (
        pd.concat(found).sort_index()
        if found
        else frame[:0].assign(likely=0, low=0, high=0, held=False)
    )


def _columns(judged: list[Judged]) -> dict[str, list[int] | list[bool]]:
    ends = [whole_codes(case.expected) for case in judged]
    return {
        "likely": [round(case.expected.value) for case in judged],
        "low": [low for low, _ in ends],
        "high": [high for _, high in ends],
        "held": [case.held for case in judged],
    }


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """None: the few numbers are a table."""
    return None


@memoized
def reading(frame: pd.DataFrame) -> str:
    """How often the intervals held, and whether that is as often as they aim to."""
    tried = cases(frame)
    if tried.empty:
        return (
            f"Not enough history to try it: no group has {LEAST_BATCHES} past batches that ran "
            "about as long with 20 outstanding codes or more 28, 14 or 7 days before they expired."
        )
    held, count = int(tried["held"].sum()), len(tried)
    by_days = "; ".join(
        f"{days} days before the expiry {whole(rows['held'].sum())} of {whole(len(rows))}"
        for days, rows in tried.groupby("days_left", sort=False)
    )
    return (
        f"The range held in {whole(held)} of {plural(count, 'case')} ({percent(held / count)}, "
        f"aim {AIM:.0%}): {by_days}.{_missed(held, count)}"
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per group and number of days before the expiry."""
    tried = cases(frame).groupby(BY, sort=False)
    counts = tried.agg(batches=("batch", "size"), held=("held", "sum"))
    sums = tried[["outstanding", "likely", "redeemed"]].sum()
    rows = counts.join(sums).reset_index()
    return pd.DataFrame(
        {
            "Group": rows["group_name"],
            "Days before expiry": rows["days_left"],
            "Past batches": rows["batches"],
            "Held": rows["held"].astype(int),
            "Share held": (rows["held"] / rows["batches"]).astype(float),
            "Aim": AIM,
            "Outstanding then": rows["outstanding"],
            "Likely": rows["likely"],
            "Redeemed": rows["redeemed"],
        }
    )


@memoized
def batches_table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per group, past batch and number of days before the expiry."""
    tried = cases(frame)
    return pd.DataFrame(
        {
            "Group": tried["group_name"],
            "Batch": tried["batch"],
            "Lifetime, days": tried["lifetime"].astype("Int64"),
            "Days before expiry": tried["days_left"],
            "Outstanding then": tried["outstanding"],
            "Likely": tried["likely"],
            "Low": tried["low"],
            "High": tried["high"],
            "Redeemed": tried["redeemed"],
            "Held": tried["held"].map({True: "Yes", False: "No"}),
        }
    )


def _missed(held: int, count: int) -> str:
    """A warning where the intervals held clearly less often than they aim to."""
    if count < LEAST_JUDGED or held >= AIM * count - 2 * (AIM * (1 - AIM) * count) ** 0.5:
        return ""
    return " That is less often than it aims to: take the range as a rough one."


BACKTEST = Chart(
    of="moment",
    title="Would it have held?",
    query="exposure_backtest",
    definition=HOW,
    figure=figure,
    reading=reading,
    table=table,
    both=Both(keys=2),
)
BACKTEST_BATCHES = Chart(
    of="moment",
    title="Each past batch",
    query="exposure_backtest",
    name="exposure_backtest_batches",
    options={"show": "batches"},
    definition=HOW,
    figure=figure,
    reading=reading,
    table=batches_table,
    both=Both(keys=4),
)
TABLE_FILES = [BACKTEST, BACKTEST_BATCHES]
