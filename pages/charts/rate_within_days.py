"""Rate within N days: which batch, group, folder or month of start worked best, fairly."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.best_rate import best_rate, with_interval
from pages.charts.both_reading import Counted, differs_most
from pages.charts.both_rows import Rows, rows_of_both
from pages.charts.chart import Chart
from pages.charts.clicks import narrow_cohort
from pages.charts.cohorts import AGES, KINDS, all_shown, shown
from pages.charts.leaders import left_out
from pages.charts.rate_dots import ranked, rate_dots
from pages.charts.sides import Both, Sides, memoized_for_both
from pages.text.definitions import DEFINITIONS, WHISKERS
from pages.text.numbers import plural

MOST_DAYS = 366
NO_START = "No code with a start matches these filters."


@memoized
def figure(frame: pd.DataFrame, by: str) -> go.Figure | None:
    """The rates of the first cohorts, best on top; none where there is one or none at all."""
    return dots(frame, by) if len(_old_enough(frame)) > 1 else None


def dots(frame: pd.DataFrame, by: str) -> go.Figure:
    """The same, also of a single cohort."""
    rows = ranked(_old_enough(frame), f"(no {by})")
    counts = list(zip(rows["redeemed"], rows["codes"], rows["too_young"], strict=True))
    return rate_dots(
        all_shown(rows["name"], by),
        rows,
        beside=[
            f"{redeemed / codes:.1%} · {redeemed:,} of {codes:,}" for redeemed, codes, _ in counts
        ],
        notes=[
            f"{with_interval(redeemed, codes)}<br>{redeemed:,} of {plural(codes, 'code')}"
            + (f"<br>{plural(young, 'further code')} too young" if young else "")
            for redeemed, codes, young in counts
        ],
    )


@memoized
def reading(frame: pd.DataFrame, by: str, days: int) -> str:
    """Who has the best rate, and how many codes are too young for it."""
    if frame.empty:
        return NO_START
    rows = _old_enough(frame)
    young = int(frame["too_young"].sum())
    within = f"within {plural(days, 'day')} of their start"
    if rows.empty:
        return f"Too early to compare: none of these codes started {plural(days, 'day')} ago."
    best = best_rate(rows.assign(name=all_shown(rows["name"], by)), KINDS[by], f"redeemed {within}")
    rest = left_out(len(rows), KINDS[by].one, KINDS[by].several)
    left = f" Left out: {plural(young, 'code')} too young for it." if young else ""
    return f"{best}{left}{rest}"


@memoized
def table(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per cohort."""
    return pd.DataFrame(
        {
            KINDS[by].label: all_shown(frame["name"], by),
            "Codes old enough": frame["codes"],
            "Redeemed codes": frame["redeemed"],
            "Rate": frame["rate"].astype(float),
            "Low": frame["low"].astype(float),
            "High": frame["high"].astype(float),
            "Too young": frame["too_young"],
        }
    )


@memoized_for_both
def figure_of_both(sides: Sides, by: str) -> go.Figure | None:
    """The same of A and B, cohort by cohort."""
    rows = Rows(lambda frame: dots(frame, by), "name", lambda name: shown(name, by))
    return rows_of_both(sides, rows)


@memoized_for_both
def apart_of_both(sides: Sides, by: str) -> str:
    """Which cohort's rate differs most."""
    rate = Counted("Redeemed codes", "Codes old enough", KINDS[by].several, "redeemed")
    return differs_most(table(sides.a, by), table(sides.b, by), rate)


def _old_enough(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["codes"] > 0]


def rate_within_days(by: str, days: int) -> Chart:
    """The chart by "batch", "group", "folder" or "month" of start."""
    return Chart(
        of="all time",
        title=f"Rate within {plural(days, 'day')}",
        query="rate_within_days",
        definition=f"{DEFINITIONS['Rate within N days']} {WHISKERS}",
        figure=lambda frame: figure(frame, by),
        reading=lambda frame: reading(frame, by, days),
        table=lambda frame: table(frame, by),
        on_click=narrow_cohort(by),
        both=Both(lambda sides: figure_of_both(sides, by), lambda sides: apart_of_both(sides, by)),
        values={"by": by, "days": days},
    )


def typed_table(texts: Mapping[str, str]) -> Chart | None:
    """The chart whose values the parameters of an address name, if there is one."""
    by, days = texts.get("by", ""), texts.get("days", "")
    days_named = {str(number): number for number in range(1, MOST_DAYS + 1)}
    if set(texts) != {"by", "days"} or by not in KINDS or days not in days_named:
        return None
    return rate_within_days(by, days_named[days])


TABLE_FILES = [rate_within_days(by, days) for by in KINDS for days in AGES]
TYPED_TABLES = {"rate_within_days": typed_table}
