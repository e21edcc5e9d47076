"""The charts: a DataFrame in, a figure out, once: Plotly takes its time to check one.

Net redemptions are blue, cancelled ones vermilion and hatched, everywhere.
"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

from pages.parts.once import once

NET = "#0072B2"
CANCELLED = "#D55E00"
REST = "#999999"
STATUS_COLOURS = {
    "Redeemed": NET,
    "Cancelled only": CANCELLED,
    "Active": "#009E73",
    "Scheduled": "#56B4E9",
    "Expired": REST,
    "Deleted": "#5F5F5F",
}
FEW = 6  # which an axis can count one by one
HATCH = {"shape": "/", "size": 5, "solidity": 0.35}
ENOUGH = 20  # redemptions, to tell a rate by
TOP = 20  # names, of which a chart has room for the bars
STACKED = (("net", "Net", NET, None), ("cancelled", "Cancelled", CANCELLED, HATCH))
HEIGHT = 330  # pixels, of a chart with few bars
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
PERIOD_FORMATS = {
    "hour": "%a %d %b %Y, %H:00",
    "day": "%a %d %b %Y",
    "week": "week of %d %b %Y",
    "month": "%B %Y",
    "year": "%Y",
}


@once
def over_time(found: pd.DataFrame, grain: str) -> go.Figure:
    """Net and cancelled redemptions, stacked, one bar per period. Unwhole periods are pale."""
    when = found["period"].dt.strftime(PERIOD_FORMATS[grain])
    note = found["whole"].map({True: "", False: " (not the whole of it)"})
    customdata = list(zip(found["period"].dt.strftime("%Y-%m-%d"), when + note, strict=True))
    opacity = found["whole"].map({True: 1.0, False: 0.55})
    bars = [
        go.Bar(
            x=found["period"],
            y=found[column],
            name=label,
            marker={"color": colour, "opacity": opacity, "pattern": pattern},
            customdata=customdata,
            hovertemplate="%{customdata[1]}<br>" + label + ": %{y:,}<extra></extra>",
        )
        for column, label, colour, pattern in STACKED
    ]
    most = (found["net"] + found["cancelled"]).max()
    return _figure(bars, y=_counting(most), barmode="stack", bargap=0.15)


@once
def rate_over_time(found: pd.DataFrame, grain: str) -> go.Figure:
    """The share of redemptions that were cancelled, one point per period that has any."""
    points = go.Scatter(
        x=found["period"],
        y=found["cancellation_rate"].astype(float),
        mode="lines+markers",
        name="Cancellation rate",
        line={"color": CANCELLED, "dash": "dot"},
        marker={"symbol": "diamond"},
        customdata=list(
            zip(
                found["period"].dt.strftime("%Y-%m-%d"),
                found["period"].dt.strftime(PERIOD_FORMATS[grain]),
                found["cancelled"],
                found["net"] + found["cancelled"],
                strict=True,
            )
        ),
        hovertemplate="%{customdata[1]}<br>%{y:.1%}: %{customdata[2]:,} of "
        "%{customdata[3]:,}<extra></extra>",
    )
    return _figure([points], y={"tickformat": ".0%"})


@once
def uptake_by_group(found: pd.DataFrame) -> go.Figure:
    """The redemption rate of each group, best on top, with the counts behind it."""
    shown = found[::-1]
    counts = zip(
        shown["redemption_rate"].astype(float),
        shown["redeemed_codes"],
        shown["codes_issued"],
        shown["net"],
        strict=True,
    )
    bars = go.Bar(
        y=shown["group_name"],
        x=shown["redemption_rate"].astype(float),
        orientation="h",
        marker={"color": NET},
        text=[
            "no codes"
            if pd.isna(rate)
            else f"{rate:.1%} · {redeemed:,} of {issued:,} · net {net:,}"
            for rate, redeemed, issued, net in counts
        ],
        textposition="auto",
        customdata=shown[["group_name"]].to_numpy().tolist(),
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )
    return _named_bars([bars], x={"tickformat": ".0%", "rangemode": "tozero"})


@once
def by_site(found: pd.DataFrame) -> go.Figure:
    """Net and cancelled redemptions per site, the first row on top, the rate at the end."""
    shown = found[::-1]
    bars = [
        go.Bar(
            y=shown["site"],
            x=shown[column],
            orientation="h",
            name=label,
            marker={"color": colour, "pattern": pattern},
            # The gathered rest is no site, so a click on it has nothing to choose.
            customdata=[None if rest else [site] for site, rest in _sites(shown)],
            hovertemplate="%{y}<br>" + label + ": %{x:,}<extra></extra>",
            text=_rates(shown) if column == "cancelled" else None,
            textposition="outside",
            cliponaxis=False,
        )
        for column, label, colour, pattern in STACKED
    ]
    most = found["redemptions"].max() or 1
    x = _counting(most) | {"range": [0, float(most) * 1.25]}
    return _named_bars(bars, x=x, barmode="stack")


def _sites(shown: pd.DataFrame) -> list[tuple[str, bool]]:
    gathered = shown.get("gathered", pd.Series(False, index=shown.index))
    return list(zip(shown["site"], gathered, strict=True))


def _rates(shown: pd.DataFrame) -> list[str]:
    return [
        f"{rate:.1%} cancelled" if rate else "" for rate in shown["cancellation_rate"].astype(float)
    ]


@once
def rate_by_name(found: pd.DataFrame, name: str) -> go.Figure:
    """The cancellation rate of the first names, with the counts behind it.

    The highest is on top, but those with too few redemptions to tell come last.
    """
    shown = found[:TOP].assign(tells=found["redemptions"] >= enough(found["redemptions"]))
    shown = shown.sort_values(["tells", "cancellation_rate", "redemptions"])
    counts = zip(
        shown["cancellation_rate"].astype(float),
        shown["cancelled"],
        shown["redemptions"],
        strict=True,
    )
    bars = go.Bar(
        y=shown[name],
        x=shown["cancellation_rate"].astype(float),
        orientation="h",
        marker={"color": CANCELLED, "pattern": HATCH},
        text=[f"{rate:.1%} · {cancelled:,} of {all_:,}" for rate, cancelled, all_ in counts],
        textposition="outside",
        cliponaxis=False,
        customdata=shown[[name]].to_numpy().tolist(),
        hovertemplate="%{y}<br>%{text} cancelled<extra></extra>",
    )
    highest = float(found["cancellation_rate"].max()) if len(found) else 0.0
    return _named_bars([bars], x={"tickformat": ".0%", "range": [0, (highest or 1) * 1.45]})


@once
def weekday_hour(found: pd.DataFrame) -> go.Figure:
    """Net redemptions as a field of weekdays and hours, the darker the more."""
    grid = (
        found.pivot(index="weekday", columns="hour", values="net")
        .reindex(index=range(1, 8), columns=range(24))
        .fillna(0)
    )
    field = go.Heatmap(
        z=grid.to_numpy(),
        x=[f"{hour:02}" for hour in range(24)],
        y=WEEKDAYS,
        colorscale="Blues",
        hovertemplate="%{y} %{x}:00–%{x}:59<br>Net: %{z:,}<extra></extra>",
        colorbar={"thickness": 10, **_counting(grid.to_numpy().max())},
    )
    return _figure(
        [field],
        x={"title": "Hour", "tickmode": "linear", "dtick": 3},
        y={"autorange": "reversed"},
    )


@once
def status(found: pd.DataFrame) -> go.Figure:
    """How many codes have which status."""
    shown = found[::-1]
    is_hatched = [name == "Cancelled only" for name in shown["status"]]
    bars = go.Bar(
        y=shown["status"],
        x=shown["codes"],
        orientation="h",
        marker={
            "color": [STATUS_COLOURS[name] for name in shown["status"]],
            "pattern": HATCH | {"shape": ["/" if hatched else "" for hatched in is_hatched]},
        },
        text=[
            f"{codes:,} · {share:.1%}"
            for codes, share in zip(shown["codes"], shown["share"], strict=True)
        ],
        # Nobody can read a text on hatching.
        textposition=["outside" if hatched else "auto" for hatched in is_hatched],
        customdata=shown[["key"]].to_numpy().tolist(),
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )
    return _named_bars([bars], x=_counting(found["codes"].max()) | {"rangemode": "tozero"})


def enough(redemptions: pd.Series) -> int:
    """How many redemptions tell a rate, where there are not many at all."""
    return min(ENOUGH, int(redemptions.max())) if len(redemptions) else ENOUGH


def _counting(most: float) -> dict[str, Any]:
    """An axis of whole numbers: up to a few, Plotly would write some of them twice."""
    return {"tickformat": ",d", "dtick": 1 if most <= FEW else None}


def _named_bars(bars: list[go.Bar], x: dict[str, Any], **layout: object) -> go.Figure:
    """Names on the left as text, whatever they look like, and room for each."""
    names = {"type": "category", "ticklabelstandoff": 6}
    count = len(bars[0].y)
    return _figure(
        [bar.update(textangle=0) for bar in bars],
        x=x,
        y=names,
        height=max(HEIGHT, 90 + 26 * count),
        bargap=max(0.2, 1 - 0.16 * count),  # one bar is no wall
        **layout,
    )


def _figure(
    marks: list[BaseTraceType],
    x: dict[str, Any] | None = None,
    y: dict[str, Any] | None = None,
    **layout: object,
) -> go.Figure:
    """Marks on two axes. In one go: Plotly takes seven times as long to change a layout."""
    dress = {
        "height": HEIGHT,
        "margin": {"l": 0, "r": 8, "t": 8, "b": 0},
        "legend": {"orientation": "h", "y": 1.12, "x": 0},
        "clickmode": "event+select",
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": {"automargin": True} | (x or {}),
        "yaxis": {"automargin": True, "rangemode": "tozero"} | (y or {}),
    }
    return go.Figure(marks, dress | layout)
