"""Outstanding codes by day of expiry, and how many of them are likely to be redeemed."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow_expiry
from pages.charts.outlook import MOST_DAYS, about, coming, reading
from pages.charts.sides import Both
from pages.charts.style import HATCH, NET, REST, counting_axis, figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import plural
from queries.forecast import Part, to_come, whole_codes
from queries.text import day

UNJUDGED = "#C9C9C9"
BAR = 0.85 * 24 * 3_600_000  # milliseconds
SHORTEST = pd.Timedelta(days=14)  # of the axis
ON_BARS = "#000000"  # readable on the blue and on the grey
DEFINED = ("Outstanding", "Still to come", "Interval of what comes")
WHEN = {"soon": f"within {MOST_DAYS} days", "later": "later", "never": "never"}
LINES = (
    ("come", "Likely to be redeemed", NET, None),
    ("rest", "Likely to expire unused", REST, None),
    ("unjudged", "Not enough history", UNJUDGED, HATCH),
)


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """A bar per day of expiry: the codes that are likely to be redeemed below the others."""
    days = _by_day(frame)
    if days.empty:
        return None
    customdata = days[["iso", "name", "note"]].to_numpy().tolist()
    bars = [
        go.Bar(
            x=days["expires"],
            y=days[column],
            width=BAR,
            name=label,
            marker={"color": colour, "pattern": pattern},
            customdata=customdata,
            hovertemplate="%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )
        for column, label, colour, pattern in LINES
        if days[column].any()
    ]
    first, last = days["expires"].min(), days["expires"].max()
    around = max(pd.Timedelta(days=1), (SHORTEST - (last - first)) / 2)
    x = {"tickformat": "%-d %b<br>%Y", "range": [first - around, last + around]}
    y = counting_axis(days[["come", "rest", "unjudged"]].sum(axis=1).max())
    return figure_of([*bars, _whiskers(days)], x=x, y=y, barmode="stack")


def _whiskers(days: pd.DataFrame) -> go.Scatter:
    """From the least to the most codes that are likely to come; bars would hide their own."""
    rows = days[days["high"] > 0]
    return go.Scatter(
        x=rows["expires"],
        y=rows["come"],
        showlegend=False,
        mode="markers",
        marker={"symbol": "line-ew-open", "size": 5, "color": ON_BARS},
        error_y={
            "array": rows["high"] - rows["come"],
            "arrayminus": rows["come"] - rows["low"],
            "thickness": 1.5,
            "width": 3,
            "color": ON_BARS,
        },
        hoverinfo="skip",
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per group, day of expiry and lifetime, and per group what expires later and never."""
    rows = [_expected(parts) for parts in coming(frame)]
    return pd.DataFrame(
        {
            "Expires": frame["expires"],
            "When": frame["reach"].map(WHEN),
            "Days left": frame["days_left"].astype("Int64"),
            "Group": frame["group_name"],
            "Lifetime, days": frame["lifetime"].astype("Int64"),
            "Outstanding": frame["codes"],
            "Past batches": frame["batches"].where(frame["reach"] == "soon").astype("Int64"),
            "Usually redeemed": frame["share"].astype(float),
            "Likely": pd.array([come for come, _, _ in rows], "Int64"),
            "Low": pd.array([low for _, low, _ in rows], "Int64"),
            "High": pd.array([high for _, _, high in rows], "Int64"),
        }
    )


def _expected(parts: list[Part] | None) -> tuple[int | None, int | None, int | None]:
    """How many codes come, at least and at most; nothing where nobody can tell."""
    if parts is None:
        return None, None, None
    interval = to_come(parts)
    return round(interval.value), *whole_codes(interval)


def _by_day(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per day on which codes expire, with what each bar and its hover show."""
    rows = frame.assign(parts=pd.Series(coming(frame), frame.index, dtype=object))
    return pd.DataFrame(
        [
            _of_day(expires, of_day["codes"].tolist(), of_day["parts"].tolist())
            for expires, of_day in rows[rows["reach"] == "soon"].groupby("expires")
        ]
    )


def _of_day(
    expires: Any,  # noqa: ANN401 - a pd.Timestamp, of which pandas knows only that it is a key
    counts: list[int],
    parts: list[list[Part] | None],
) -> dict[str, object]:
    known = sum(codes for codes, here in zip(counts, parts, strict=True) if here is not None)
    interval = to_come(part for here in parts if here for part in here)
    low, high = whole_codes(interval)
    likely = f"{about(interval)} likely to be redeemed" if known else "not enough history"
    return {
        "expires": expires,
        "iso": f"{expires:%Y-%m-%d}",
        "name": day(expires),
        "come": interval.value,
        "low": low,
        "high": high,
        "rest": known - interval.value,
        "unjudged": sum(counts) - known,
        "note": f"{plural(sum(counts), 'outstanding code')}, {likely}",
    }


EXPOSURE = Chart(
    of="moment",
    title="Outstanding codes by day of expiry",
    query="exposure",
    definition=" ".join(
        [
            *(DEFINITIONS[name] for name in DEFINED),
            "The whiskers are the interval of each day; it aims to hold as often.",
        ]
    ),
    figure=figure,
    reading=reading,
    table=table,
    on_click=narrow_expiry,
    both=Both(keys=5),
)
TABLE_FILES = [EXPOSURE]
