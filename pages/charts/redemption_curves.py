"""Redemption curves: what share of each cohort's codes was redeemed by which age."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.best_rate import best_rate
from pages.charts.chart import Chart
from pages.charts.clicks import narrow_cohort
from pages.charts.cohorts import AGES, KINDS, all_shown, shown
from pages.charts.style import LINES, figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.escape import plotly_text, shortened
from pages.text.numbers import plural

ROWS = 200  # of the table
LONGEST_NAME = 18  # letters in the legend
NO_CURVE = "No cohort is observed yet: each has a code that started less than a day ago, or none."


@memoized
def figure(frame: pd.DataFrame, by: str) -> go.Figure | None:
    """A line per cohort, of those with the most codes; each ends where it is last observed."""
    if frame.empty:
        return None
    lines = [
        go.Scatter(
            x=rows["age_days"],
            y=rows["rate"].astype(float),
            name=plotly_text(shortened(shown(name, by), LONGEST_NAME)),
            mode="lines+markers",
            # A rate stays what it is until the next point.
            line=look | {"shape": "hv", "width": 2},
            marker={"size": [4] * (len(rows) - 1) + [9], "color": look["color"]},
            customdata=rows.assign(shown=shown(name, by))[["name", "shown", "redeemed", "codes"]]
            .to_numpy()
            .tolist(),
            hovertext=plotly_text(shown(name, by)),
            hovertemplate="%{hovertext}<br>within %{x:,} days: %{y:.1%}<br>"
            "%{customdata[2]:,} of %{customdata[3]:,} codes<extra></extra>",
        )
        for (name, rows), look in zip(_cohorts(frame), LINES, strict=False)
    ]
    return figure_of(
        lines,
        x={"title": "Days since the start of the code", "rangemode": "tozero"},
        y={"tickformat": ".1%"},
        legend={"orientation": "h", "y": -0.2, "x": 0},
        showlegend=True,
    )


@memoized
def reading(frame: pd.DataFrame, by: str) -> str:
    """Which cohort is highest at the latest of the usual ages that two of them have reached."""
    kind = KINDS[by]
    ends = _ends(frame)
    if ends.empty:
        return NO_CURVE
    reached = [age for age in AGES if (ends["age_days"] >= age).sum() > 1]
    age = max(reached, default=int(ends["age_days"].max()))
    redeemed = _redeemed_within(frame, age).dropna()
    rows = pd.DataFrame(
        {
            "name": all_shown(redeemed.index.to_series(), by).to_numpy(),
            "codes": ends["codes"][redeemed.index].to_numpy(),
            "redeemed": redeemed.astype(int).to_numpy(),
        }
    )
    best = best_rate(rows, kind, f"redeemed within {plural(age, 'day')} of their start")
    count = plural(len(ends), kind.one, kind.several)
    observed = f" {len(rows)} of {count} are observed so long." if 1 < len(rows) < len(ends) else ""
    among = f"the {count} with the most codes" if len(ends) == ROWS else count
    lines = f" The lines are {len(LINES)} of {among}, those with the most codes."
    return f"{best}{observed}{lines if len(ends) > len(LINES) else ''}"


@memoized
def table(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per cohort: its rates within some ages, as far as it is observed."""
    ends = _ends(frame)
    within = {f"Within {age} days": _redeemed_within(frame, age) / ends["codes"] for age in AGES}
    columns = {
        KINDS[by].label: all_shown(ends.index.to_series(), by),
        "Codes": ends["codes"],
        **within,
        "Observed days": ends["age_days"],
        "Redeemed codes": ends["redeemed"],
        "Rate": ends["rate"].astype(float),
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def _cohorts(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The first cohorts, those with the most codes."""
    names = frame["name"].drop_duplicates()[: len(LINES)]
    return [(str(name), frame[frame["name"] == name]) for name in names]


@memoized
def _ends(frame: pd.DataFrame) -> pd.DataFrame:
    """The last day on which each cohort is observed, by its name, in the frame's order."""
    return frame.drop_duplicates("name", keep="last").set_index("name")


def _redeemed_within(frame: pd.DataFrame, age: int) -> pd.Series:
    """How many codes of each cohort were redeemed by an age; NaN where it is not observed."""
    ends = _ends(frame)
    last = frame[frame["age_days"] <= age].drop_duplicates("name", keep="last").set_index("name")
    return last["redeemed"].reindex(ends.index).astype(float).where(ends["age_days"] >= age)


def redemption_curves(by: str) -> Chart:
    """The chart by "batch", "group", "folder" or "month" of start."""
    return Chart(
        of="all time",
        title="Redemption curves by age",
        query="redemption_curve",
        definition=DEFINITIONS["Redemption curve"],
        figure=lambda frame: figure(frame, by),
        reading=lambda frame: reading(frame, by),
        table=lambda frame: table(frame, by),
        on_click=narrow_cohort(by),
        values={"by": by, "most": ROWS, "every_day": False},
    )


TABLE_FILES = [redemption_curves(by) for by in KINDS]
