"""The marks of a funnel plot: sites, told apart by how far they lie, and the limits of chance."""

import math
from collections.abc import Iterator

import pandas as pd
import plotly.graph_objects as go

from pages.charts.style import CANCELLED, NET, REST
from pages.text.escape import plotly_text, shortened
from pages.text.numbers import percent, plural
from queries.chance import binomial_limits

WIDE, NARROW = 0.001, 0.025  # the chance outside 99.8 % and 95 %, on either side
LIMITS = ((WIDE, "99.8 % limits", "solid"), (NARROW, "95 % limits", "dot"))
STEPS = 60  # of the curves
LONGEST = 16  # letters of a site beside its mark


def points(sites: pd.DataFrame) -> Iterator[go.Scatter]:
    """One trace per distance, told apart by shape as well as colour; the farthest are named."""
    wide, narrow_ = sites["tail"] < WIDE, sites["tail"] < NARROW
    kinds = (
        (wide, "Outside 99.8 %", CANCELLED, "diamond"),
        (narrow_ & ~wide, "Outside 95 %", NET, "circle-open"),
        (~narrow_, "Inside", REST, "circle"),
    )
    for is_kind, label, colour, symbol in kinds:
        rows = sites[is_kind]
        names = [plotly_text(str(site)) for site in rows["site"]]
        is_named = symbol == "diamond"
        yield go.Scatter(
            x=rows["redemptions"],
            y=rows["cancellation_rate"],
            name=label,
            mode="markers+text" if is_named else "markers",
            marker={"color": colour, "symbol": symbol, "size": 11 if is_named else 8},
            text=[plotly_text(shortened(str(site), LONGEST)) for site in rows["site"]],
            textposition="top center",
            cliponaxis=False,
            customdata=[[site] for site in rows["site"]],
            hovertext=[
                f"{name}<br>{percent(rate)}: {cancelled:,} of {plural(of, 'redemption')} cancelled"
                for name, rate, cancelled, of in zip(
                    names,
                    rows["cancellation_rate"],
                    rows["cancelled"],
                    rows["redemptions"],
                    strict=True,
                )
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )


def limits(rate: float, most: int) -> Iterator[go.Scatter]:
    """The two curves of each pair, broken between the lower and the upper one."""
    wholes = sorted({math.ceil(most * (step / STEPS) ** 2) for step in range(1, STEPS + 1)})
    for tail, label, dash in LIMITS:
        pairs = [binomial_limits(whole, rate, tail) for whole in wholes]
        yield go.Scatter(
            x=[*wholes, None, *wholes],
            y=[*(low for low, _ in pairs), None, *(high for _, high in pairs)],
            name=label,
            mode="lines",
            line={"color": REST, "width": 1.5, "dash": dash},
            hoverinfo="skip",
        )


def overall(rate: float, most: int) -> go.Scatter:
    """The rate of all sites, as a line across."""
    return go.Scatter(
        x=[0, most],
        y=[rate, rate],
        name=f"All sites: {percent(rate)}",
        mode="lines",
        line={"color": REST, "width": 1, "dash": "dash"},
        hoverinfo="skip",
    )
