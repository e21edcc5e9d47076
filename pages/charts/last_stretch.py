"""The last stretch: what share of the outstanding codes of past batches was still redeemed."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.redemption_curves import LONGEST_NAME
from pages.charts.sides import Both
from pages.charts.style import LINES, figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.escape import plotly_text, shortened
from pages.text.numbers import missing, percent, plural
from queries.forecast import LEAST_BATCHES, is_alike

NO_HISTORY = (
    "No group has a past batch: one all of whose codes have expired, with 20 codes or more that "
    "were outstanding some days before."
)
HOVERED = ["batches", "past_redeemed", "past_codes", "spread"]
USUAL = 14  # days before the expiry, of which the reading tells


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """A line per group and lifetime, of those with the most past codes.

    A batch's share is likely near it.
    """
    shown = _enough(frame)
    if shown.empty:
        return None
    lines = [
        go.Scatter(
            x=rows["days_left"],
            y=rows["share"].astype(float),
            name=plotly_text(f"{shortened(name, LONGEST_NAME)}, {_ran(lifetime)}"),
            mode="lines",
            line=look | {"width": 2},
            customdata=rows[HOVERED].to_numpy().tolist(),
            hovertext=plotly_text(f"{name}, {_ran(lifetime)}"),
            hovertemplate="%{hovertext}<br>last %{x} days: %{y:.1%}<br>mean of %{customdata[0]:,} "
            "past batches: %{customdata[1]:,} of %{customdata[2]:,} codes<br>standard deviation "
            "between batches: %{customdata[3]:.1%}<extra></extra>",
        )
        for (name, lifetime, rows), look in zip(_longest_known(shown), LINES, strict=False)
    ]
    return figure_of(
        lines,
        x={"title": "Days before the expiry of the code", "autorange": "reversed"},
        y={"tickformat": ".1%"},
        legend={"orientation": "h", "y": -0.2, "x": 0},
        showlegend=True,
    )


@memoized
def reading(frame: pd.DataFrame) -> str:
    """What usually comes in the last days, of the group and lifetime with the most past codes."""
    if frame.empty:
        return NO_HISTORY
    shown = _enough(frame)
    if shown.empty:
        most = plural(frame["batches"].max(), "past batch", "past batches")
        return (
            f"No group has the {LEAST_BATCHES} past batches that ran about as long that it takes: "
            f"at most {most}."
        )
    name, lifetime, rows = _longest_known(shown)[0]
    row = rows[rows["days_left"] <= USUAL].iloc[-1]
    return (
        f"{name}, {_ran(lifetime)}: of the codes outstanding "
        f"{plural(row['days_left'], 'day')} before they expired, "
        f"{percent(row['share'])} were still redeemed, the mean of "
        f"{plural(row['batches'], 'past batch', 'past batches')}."
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per group, lifetime and number of days before the expiry."""
    return pd.DataFrame(
        {
            "Group": frame["group_name"],
            "Lifetime, days": frame["lifetime"].astype("Int64"),
            "Days before expiry": frame["days_left"],
            "Past batches": frame["batches"],
            "Outstanding then": frame["past_codes"],
            "Redeemed since": frame["past_redeemed"],
            "Usually redeemed": frame["share"].astype(float),
            "Spread": frame["spread"].astype(float),
        }
    )


def _longest_known(shown: pd.DataFrame) -> list[tuple[str, float, pd.DataFrame]]:
    """The rows by group and lifetime, the most past codes first; of lifetimes alike the first."""
    found: list[tuple[str, float, pd.DataFrame]] = []
    by = [rows for _, rows in shown.groupby(["group_name", "lifetime"], dropna=False)]
    for rows in sorted(by, key=lambda rows: -rows["past_codes"].max()):
        name, lifetime = str(rows["group_name"].iloc[0]), float(rows["lifetime"].iloc[0])
        if not any(name == other and is_alike(lifetime, days) for other, days, _ in found):
            found.append((name, lifetime, rows))
    return found


def _ran(lifetime: float) -> str:
    """How long codes run, in words."""
    return "no start" if missing(lifetime) else plural(int(lifetime), "day")


def _enough(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["batches"] >= LEAST_BATCHES]


LAST_STRETCH = Chart(
    of="moment",
    title="What usually comes in the last days",
    query="last_stretch",
    definition=f"{DEFINITIONS['Still to come']} Spread: the standard deviation of the shares.",
    figure=figure,
    reading=reading,
    table=table,
    both=Both(keys=3),
)
TABLE_FILES = [LAST_STRETCH]
