"""Funnel plot: which sites' cancellation rates are farther from the rest than chance takes them."""

import math

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.funnel_marks import NARROW, WIDE, limits, overall, points
from pages.charts.leaders import NO_REDEMPTION, NONE_CANCELLED, all_names, apart, parts
from pages.charts.style import figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import percent, plural
from queries.chance import binomial_limits
from queries.text import listed

MOST_NAMED = 3  # sites, in the reading
HEIGHT = 380  # pixels


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """Each site by its redemptions and rate, and the limits; None where nothing is to tell."""
    sites = _judged(frame)
    if len(sites) < 2:
        return None
    rate, most = float(sites["rate_of_all"].iloc[0]), int(sites["redemptions"].max())
    top = max(float(sites["cancellation_rate"].max()), 2 * rate)
    marks = [*points(sites), *limits(rate, most), overall(rate, most)]
    x = {"title": "Redemptions", "tickformat": ",d", "range": [0, most * 1.12]}
    y = {"title": "Cancellation rate", "tickformat": ".1%", "range": [0, min(1.05, top * 1.15)]}
    return figure_of(marks, x=x, y=y, height=HEIGHT)


@memoized
def reading(frame: pd.DataFrame) -> str:
    """Which sites lie outside the wide limits, and how many chance alone would put there."""
    if frame.empty:
        return NO_REDEMPTION
    sites, beside = _judged(frame), apart(parts(frame, "site", "site"), "site")
    if len(sites) < 2:
        nothing = not frame["cancelled"].sum()
        few = NONE_CANCELLED if nothing else "It takes two sites, of which some are cancelled."
        return f"{few}{beside}"
    rate = percent(sites["rate_of_all"].iloc[0])
    far = sites[sites["tail"] < WIDE].sort_values("cancellation_rate", ascending=False)
    by_chance = 2 * WIDE * len(sites)
    chance = f"Chance alone would put about {by_chance:.1f} of {plural(len(sites), 'site')} there."
    if far.empty:
        lie = f"No site lies outside the 99.8 % limits around {rate}: chance explains them all."
        return f"{lie}{beside}"
    above = far["cancellation_rate"] > far["rate_of_all"]
    sides = [_named(far[above], "above"), _named(far[~above], "below")]
    return (
        f"{plural(len(far), 'site')} outside the 99.8 % limits around {rate}, beyond what chance "
        f"does: {'; '.join(filter(None, sides))}. {chance}{beside}"
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per site with its limits, and those apart from them without."""
    return pd.DataFrame(
        {
            "Site": all_names(frame, "site"),
            "Cancellation rate": frame["cancellation_rate"].astype(float),
            "Cancelled": frame["cancelled"],
            "Redemptions": frame["redemptions"],
            **_limit_columns(frame, WIDE, "99.8 %"),
            **_limit_columns(frame, NARROW, "95 %"),
            "Outside": [_outside(tail) for tail in frame["tail"].astype(float)],
        }
    )


def _limit_columns(frame: pd.DataFrame, tail: float, label: str) -> dict[str, list[float]]:
    rates = frame["rate_of_all"].astype(float)
    pairs = [
        _limits_of(int(whole), rate, tail)
        for whole, rate in zip(frame["redemptions"], rates, strict=True)
    ]
    return {
        f"{label} from": [low for low, _ in pairs],
        f"{label} to": [high for _, high in pairs],
    }


def _judged(frame: pd.DataFrame) -> pd.DataFrame:
    """The named sites, where some redemptions are cancelled and some are not."""
    rows = parts(frame, "site", "site").named
    if rows.empty or not 0 < float(rows["rate_of_all"].iloc[0]) < 1:
        return rows[:0]
    return rows.astype({"cancellation_rate": float, "rate_of_all": float, "tail": float})


def _named(rows: pd.DataFrame, where: str) -> str:
    """The sites on one side with their rates: “above Site012 with 12.0% of 300”."""
    if rows.empty:
        return ""
    ordered = rows if where == "above" else rows[::-1]
    sites = [
        f"{site} with {percent(rate)} of {of:,}"
        for site, rate, of in zip(
            ordered["site"], ordered["cancellation_rate"], ordered["redemptions"], strict=True
        )
    ]
    return f"{where} {listed(sites, MOST_NAMED)}"


def _limits_of(whole: int, rate: float, tail: float) -> tuple[float, float]:
    """The limits of a site's rate; NaN where there is nothing to compare it with."""
    return binomial_limits(whole, rate, tail) if 0 < rate < 1 else (math.nan, math.nan)


def _outside(tail: float) -> str | None:
    if tail < WIDE:
        return "99.8 %"
    return "95 %" if tail < NARROW else None


FUNNEL = Chart(
    title="Cancellation rates of sites: a funnel",
    query="cancellation_funnel",
    definition=f"{DEFINITIONS['Cancellation rate']} Between the limits lie 99.8 (or 95) of 100 "
    "sites of that many redemptions, where only chance tells them from the rate of all sites, by "
    "the binomial distribution. They narrow as redemptions grow, so that small sites are not "
    "blamed for chance. What has no site is not compared.",
    figure=figure,
    reading=reading,
    table=table,
    on_click=narrow("site"),
)
TABLE_FILES = [FUNNEL]
