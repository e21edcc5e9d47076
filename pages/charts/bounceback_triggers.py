"""The return rates of bouncebacks by the group that triggered them."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.best_rate import best_rate, with_interval
from pages.charts.bounceback_rows import NO_CHILD, UNKNOWN, days_columns, in_days, rows_of
from pages.charts.chart import Chart
from pages.charts.cohorts import Kind
from pages.charts.leaders import left_out
from pages.charts.rate_dots import ranked, rate_dots
from pages.text.definitions import DEFINITIONS, WHISKERS
from pages.text.numbers import plural

TRIGGER = Kind("Trigger group", "trigger group", "trigger groups")
NAMELESS = f"(no {TRIGGER.one})"  # what best_rate() names no leader


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """The return rates of the first trigger groups, best on top; none where there is only one."""
    rows = ranked(_rates(frame), UNKNOWN)
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
    """Whose children came back most often, and whether by chance."""
    rows = _rates(frame)
    if rows.empty:
        return NO_CHILD
    names = rows["name"].replace(UNKNOWN, NAMELESS) if len(rows) > 1 else rows["name"]
    best = best_rate(rows.assign(name=names), TRIGGER, "redeemed", "bounceback")
    return f"{best}{left_out(len(rows), TRIGGER.one, TRIGGER.several)}"


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
            "Return rate": rows["return_rate"].astype(float),
            "Low": rows["low"].astype(float),
            "High": rows["high"].astype(float),
            **days_columns(rows),
            "Redeemed before the parent": rows["before_parent"],
        }
    )


def _rates(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows as comparisons have them, the best rate first."""
    rows = rows_of(frame, "trigger").rename(
        columns={"trigger_group": "name", "children": "codes", "return_rate": "rate"}
    )
    return rows.sort_values(["rate", "codes"], ascending=False, kind="stable")


TRIGGERS = Chart(
    of="moment",
    title="Return rate by trigger group",
    query="bounceback",
    name="bounceback_triggers",
    definition=f"{DEFINITIONS['Return rate']} {WHISKERS} {DEFINITIONS['Bounceback']}",
    figure=figure,
    reading=reading,
    table=table,
)
TABLE_FILES = [TRIGGERS]
