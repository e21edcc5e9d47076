"""Uptake by group: which way of handing out codes worked."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.leaders import NO_CODE, leader, left_out
from pages.charts.style import NET, TOP, named_bars
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import percent, plural


@memoized
def figure(frame: pd.DataFrame) -> go.Figure:
    """The redemption rate of the first groups, best on top, with the counts behind it."""
    shown = frame[:TOP][::-1]
    counts = zip(
        shown["redemption_rate"].astype(float),
        shown["redeemed_codes"],
        shown["codes_issued"],
        shown["net"],
        strict=True,
    )
    bars = go.Bar(
        x=shown["redemption_rate"].astype(float),
        orientation="h",
        marker={"color": NET},
        text=[
            "no codes"
            if pd.isna(rate)
            else f"{rate:.1%} · {redeemed:,} of {issued:,} · net {net:,}"
            for rate, redeemed, issued, net in counts
        ],
        # A bar without a width has no room for its text.
        textposition=["auto" if rate else "outside" for rate in shown["redemption_rate"].fillna(0)],
        customdata=shown[["group_name"]].to_numpy().tolist(),
        hovertemplate="%{hovertext}<br>%{text}<extra></extra>",
    )
    return named_bars(shown["group_name"], [bars], x={"tickformat": ".2~%", "rangemode": "tozero"})


@memoized
def reading(frame: pd.DataFrame) -> str:
    """The group with the best rate."""
    rated = frame.dropna(subset=["redemption_rate"])
    if rated.empty:
        return NO_CODE
    best = rated.iloc[0]
    if not best["redemption_rate"]:
        return "None of these codes was redeemed within what is chosen."
    first, are_several = leader(rated["group_name"], rated["redemption_rate"], "group")
    rest = left_out(len(frame), "group")
    if are_several:
        return f"{first} {percent(best['redemption_rate'])} of their codes redeemed.{rest}"
    return (
        f"{first} {percent(best['redemption_rate'])} of {plural(best['codes_issued'], 'code')} "
        f"redeemed ({plural(best['net'], 'net redemption')}).{rest}"
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per group."""
    return pd.DataFrame(
        {
            "Group": frame["group_name"],
            "Codes issued": frame["codes_issued"],
            "Redeemed codes": frame["redeemed_codes"],
            "Redemption rate": frame["redemption_rate"],
            "Net redemptions": frame["net"],
            "Cancelled": frame["cancelled"],
        }
    )


UPTAKE_BY_GROUP = Chart(
    title="Uptake by group",
    query="uptake_by_group",
    definition=DEFINITIONS["Redemption rate"] + " " + DEFINITIONS["Redeemed codes"],
    figure=figure,
    reading=reading,
    table=table,
    on_click=narrow("group"),
)
TABLE_FILES = [UPTAKE_BY_GROUP]
