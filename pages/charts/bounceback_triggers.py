"""The return rates of bouncebacks within 28 days, by the group that triggered them."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.best_rate import best_rate, with_interval
from pages.charts.bounceback_rows import NO_CHILD, UNKNOWN, days_columns, in_days, of_all, rows_of
from pages.charts.chart import Chart
from pages.charts.cohorts import Kind
from pages.charts.leaders import left_out
from pages.charts.rate_dots import ranked, rate_dots
from pages.text.definitions import DEFINITIONS, WHISKERS
from pages.text.numbers import plural

TRIGGER = Kind("Trigger group", "trigger group", "trigger groups")
DAYS = 28  # as bounceback.sql has it
COMPARED = {
    "trigger_group": "name",
    "old_enough": "codes",
    "within_28": "redeemed",
    "rate_28": "rate",
    "low_28": "low",
    "high_28": "high",
}
NAMELESS = f"(no {TRIGGER.one})"  # what best_rate() names no leader


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """The return rates of the first trigger groups, best on top; none where there is only one."""
    rows = ranked(_old_enough(frame), UNKNOWN)
    if len(rows) < 2:
        return None
    counts = list(zip(rows["redeemed"], rows["codes"], rows["median"], strict=True))
    return rate_dots(
        rows["name"],
        rows,
        beside=[
            f"{redeemed / codes:.1%} · {redeemed:,} of {codes:,}" for redeemed, codes, _ in counts
        ],
        notes=[
            f"{with_interval(redeemed, codes)}<br>{redeemed:,} of "
            f"{plural(codes, 'child', 'children')}<br>"
            f"median {in_days(days)} days to the second visit"
            for redeemed, codes, days in counts
        ],
    )


@memoized
def reading(frame: pd.DataFrame) -> str:
    """Whose children came back most often at an equal age, and whether by chance."""
    if rows_of(frame, "trigger").empty:
        return NO_CHILD
    rows = _old_enough(frame)
    if rows.empty:
        return f"Too early to compare: none of these children started {DAYS} days ago."
    young = int(of_all(frame)["too_young"])
    left = f" Left out: {plural(young, 'child', 'children')} too young for it." if young else ""
    names = rows["name"].replace(UNKNOWN, NAMELESS) if len(rows) > 1 else rows["name"]
    done = f"redeemed within {DAYS} days of their start"
    best = best_rate(rows.assign(name=names), TRIGGER, done, "bounceback")
    return f"{best}{left}{left_out(len(rows), TRIGGER.one, TRIGGER.several)}"


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per trigger group."""
    rows = rows_of(frame, "trigger")
    return pd.DataFrame(
        {
            TRIGGER.label: rows["trigger_group"],
            "Parents": rows["parents"],
            "Children issued": rows["children"],
            "Children redeemed": rows["redeemed"],
            "Too young": rows["too_young"],
            "Old enough": rows["old_enough"],
            f"Redeemed within {DAYS} days": rows["within_28"],
            f"Rate within {DAYS} days": rows["rate_28"].astype(float),
            "Low": rows["low_28"].astype(float),
            "High": rows["high_28"].astype(float),
            **days_columns(rows),
            "Redeemed before the parent": rows["before_parent"],
        }
    )


def _old_enough(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with children old enough as comparisons have them, the best rate first."""
    rows = rows_of(frame, "trigger")
    rows = rows[[*COMPARED, "median"]].rename(columns=COMPARED)
    rows = rows[rows["codes"] > 0]
    return rows.sort_values(["rate", "codes"], ascending=False, kind="stable")


TRIGGERS = Chart(
    of="moment",
    title=f"Return rate within {DAYS} days, by trigger group",
    query="bounceback",
    name="bounceback_triggers",
    options={"show": "triggers"},
    definition=(
        f"{DEFINITIONS['Return rate within 28 days']} {WHISKERS} {DEFINITIONS['Bounceback']}"
    ),
    figure=figure,
    reading=reading,
    table=table,
)
TABLE_FILES = [TRIGGERS]
