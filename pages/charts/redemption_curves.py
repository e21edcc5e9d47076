"""Redemption curves: what share of each cohort's codes was redeemed by which age."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.best_rate import best_rate
from pages.charts.chart import Chart
from pages.charts.clicks import narrow_cohort
from pages.charts.cohorts import AGES, KINDS, all_shown, shown
from pages.charts.style import figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.escape import plotly_text, shortened
from pages.text.numbers import plural

LINES = 8
ROWS = 200  # of the table
# Told apart by colour-blind people, at least 3:1 against white and against black.
LOOKS = [
    {"color": colour, "dash": dash}
    for dash in ("solid", "dash")
    for colour in ("#0072B2", "#009E73", "#B8860B", "#AA4499")
]
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
        for (name, rows), look in zip(_cohorts(frame)[:LINES], LOOKS, strict=False)
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
    ends = table(frame, by)
    if ends.empty:
        return NO_CURVE
    reached = [age for age in AGES if ends[f"Within {age} days"].notna().sum() > 1]
    age = max(reached, default=int(ends["Observed days"].max()))
    rows = pd.DataFrame(
        [
            (shown(name, by), rows["codes"].iloc[0], redeemed)
            for name, rows in _cohorts(frame)
            if (redeemed := _redeemed_within(rows, age)) is not None
        ],
        columns=["name", "codes", "redeemed"],
    )
    best = best_rate(rows, kind, f"redeemed within {plural(age, 'day')} of their start")
    count = plural(len(ends), kind.one, kind.several)
    observed = f" {len(rows)} of {count} are observed so long." if 1 < len(rows) < len(ends) else ""
    among = f"the {count} with the most codes" if len(ends) == ROWS else count
    lines = f" The lines are {LINES} of {among}, those with the most codes."
    return f"{best}{observed}{lines if len(ends) > LINES else ''}"


@memoized
def table(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per cohort: its rates within some ages, as far as it is observed."""
    rows = [
        {
            KINDS[by].label: name,
            "Codes": rows["codes"].iloc[-1],
            **{f"Within {age} days": _rate_within(rows, age) for age in AGES},
            "Observed days": rows["age_days"].iloc[-1],
            "Redeemed codes": rows["redeemed"].iloc[-1],
            "Rate": float(rows["rate"].iloc[-1]),
        }
        for name, rows in _cohorts(frame)
    ]
    columns = [KINDS[by].label, "Codes", *(f"Within {age} days" for age in AGES),
               "Observed days", "Redeemed codes", "Rate"]  # fmt: skip
    found = pd.DataFrame(rows, columns=columns)
    return found.assign(**{KINDS[by].label: all_shown(found[KINDS[by].label], by)})


def _cohorts(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    return [(str(name), rows) for name, rows in frame.groupby("name", sort=False)]


def _redeemed_within(rows: pd.DataFrame, age: int) -> int | None:
    """How many codes of one cohort were redeemed by an age; None where it is not observed."""
    if age > rows["age_days"].iloc[-1]:
        return None
    return int(rows[rows["age_days"] <= age]["redeemed"].iloc[-1])


def _rate_within(rows: pd.DataFrame, age: int) -> float:
    redeemed = _redeemed_within(rows, age)
    return float("nan") if redeemed is None else redeemed / int(rows["codes"].iloc[-1])


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
