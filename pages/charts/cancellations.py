"""Cancellation rates by site, group or campaign."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.leaders import NO_REDEMPTION, NONE_CANCELLED, highest_rate, left_out, named
from pages.charts.style import CANCELLED, ENOUGH, HATCH, TOP, enough, named_bars
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import percent, plural

DEFINITION = DEFINITIONS["Cancelled"] + " " + DEFINITIONS["Cancellation rate"]


@memoized
def figure(frame: pd.DataFrame, kind: str) -> go.Figure:
    """The highest cancellation rates, with the counts behind them.

    Names with too few redemptions to judge come last, and what has no name.
    """
    least = enough(named(frame, "name", kind)["redemptions"])
    tells = (frame["redemptions"] >= least) & (frame["name"] != f"(no {kind})")
    ranked = frame.assign(tells=tells)
    shown = ranked.sort_values(["tells", "cancellation_rate", "redemptions"])[-TOP:]
    counts = zip(
        shown["cancellation_rate"].astype(float),
        shown["cancelled"],
        shown["redemptions"],
        strict=True,
    )
    bars = go.Bar(
        x=shown["cancellation_rate"].astype(float),
        orientation="h",
        marker={"color": CANCELLED, "pattern": HATCH},
        text=[f"{rate:.1%} · {cancelled:,} of {all_:,}" for rate, cancelled, all_ in counts],
        textposition="outside",
        cliponaxis=False,
        customdata=shown[["name"]].to_numpy().tolist(),
        hovertemplate="%{hovertext}<br>%{text} cancelled<extra></extra>",
    )
    highest = float(frame["cancellation_rate"].max()) if len(frame) else 0.0
    return named_bars(
        shown["name"], [bars], x={"tickformat": ".2~%", "range": [0, (highest or 1) * 1.45]}
    )


@memoized
def reading(frame: pd.DataFrame, kind: str) -> str:
    """Where the cancellation rate is highest, among names with enough redemptions to judge."""
    if not frame["cancelled"].sum():
        return NONE_CANCELLED if len(frame) else NO_REDEMPTION
    leading, among = highest_rate(named(frame, "name", kind), kind)
    highest = leading.iloc[0]
    rate = percent(highest["cancellation_rate"])
    of = f"{rate} of {plural(highest['redemptions'], 'redemption')}"
    if len(frame) == 1:
        return f"{highest['name']}: {of} cancelled."
    rest = left_out(len(frame), kind)
    if not highest["cancelled"]:
        if not among:
            return f"None was cancelled of the {kind}s with a name.{rest}"
        return f"None was cancelled{among}; see those with fewer below.{rest}"
    among = among or f" of the {kind}s"
    if len(leading) > 1:
        return f"{len(leading):,} {kind}s share the highest cancellation rate{among}: {rate}.{rest}"
    return f"{highest['name']} has the highest cancellation rate{among}: {of}.{rest}"


@memoized
def table(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """One row per name."""
    return pd.DataFrame(
        {
            label: frame["name"],
            "Cancellation rate": frame["cancellation_rate"],
            "Cancelled": frame["cancelled"],
            "Redemptions": frame["redemptions"],
        }
    )


def cancellations_by(kind: str) -> Chart:
    """The chart by "site", "group" or "campaign"."""
    return Chart(
        title=f"Cancellations by {kind}",
        query="cancellations",
        name=f"cancellations_by_{kind}",
        values={"by": kind},
        definition=f"The {TOP} highest rates; those with fewer than {ENOUGH} redemptions come "
        f"last. {DEFINITION}",
        figure=lambda frame: figure(frame, kind),
        reading=lambda frame: reading(frame, kind),
        table=lambda frame: table(frame, kind.capitalize()),
        on_click=narrow(kind),
    )


TABLE_FILES = [cancellations_by(kind) for kind in ("site", "group", "campaign")]
