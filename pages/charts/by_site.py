"""By site: where codes were redeemed, and where redemptions were cancelled."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.leaders import ALL_CANCELLED, NO_REDEMPTION, leader, named
from pages.charts.style import STACKED, TOP, counting_axis, named_bars
from pages.text.definitions import DEFINITIONS, cancellation_rate
from pages.text.numbers import percent, plural


@memoized
def figure(frame: pd.DataFrame) -> go.Figure:
    """Net and cancelled redemptions per site, the first on top, the rate at the end."""
    shown = _gathered(frame)[::-1]
    # The gathered rest is no site, so a click on it has nothing to choose.
    customdata = [
        None if rest else [site] for site, rest in zip(shown["site"], shown["is_rest"], strict=True)
    ]
    bars = [
        go.Bar(
            x=shown[column],
            orientation="h",
            name=label,
            marker={"color": colour, "pattern": pattern},
            customdata=customdata,
            hovertemplate="%{hovertext}<br>" + label + ": %{x:,}<extra></extra>",
            text=_rates(shown) if column == "cancelled" else None,
            textposition="outside",
            cliponaxis=False,
        )
        for column, label, colour, pattern in STACKED
    ]
    most = shown["redemptions"].max() or 1
    x = counting_axis(most) | {"range": [0, float(most) * 1.25]}
    return named_bars(shown["site"], bars, x=x, barmode="stack")


@memoized
def reading(frame: pd.DataFrame) -> str:
    """The strongest site and its share."""
    if not frame["net"].sum():
        return NO_REDEMPTION if frame.empty else ALL_CANCELLED
    sites = named(frame, "site", "site")
    if not sites["net"].sum():
        sites = frame
    best = sites.iloc[0]
    first, are_several = leader(sites["site"], sites["net"], "site")
    each = " each" if are_several else ""
    return f"{first} {plural(best['net'], 'net redemption')}{each} ({percent(best['share'])})."


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per site, all of them."""
    return pd.DataFrame(
        {
            "Site": frame["site"],
            "Net redemptions": frame["net"],
            "Share": frame["share"],
            "Cancelled": frame["cancelled"],
            "Redemptions": frame["redemptions"],
            "Cancellation rate": frame["cancellation_rate"],
        }
    )


def _gathered(frame: pd.DataFrame) -> pd.DataFrame:
    """The first 20 sites, and the rest gathered in one row (is_rest)."""
    top = frame[:TOP].assign(is_rest=False)
    if len(frame) <= TOP + 1:
        return frame.assign(is_rest=False)
    rest = frame[TOP:]
    sums = rest[["net", "share", "cancelled", "redemptions"]].sum()
    gathered = sums.to_dict() | {
        "site": f"{len(rest)} other sites",
        "cancellation_rate": cancellation_rate(sums["cancelled"], sums["redemptions"]),
        "is_rest": True,
    }
    both = pd.concat([top, pd.DataFrame([gathered])], ignore_index=True)
    return both.astype({"net": int, "cancelled": int, "redemptions": int})


def _rates(shown: pd.DataFrame) -> list[str]:
    return [
        f"{rate:.1%} cancelled" if rate else "" for rate in shown["cancellation_rate"].astype(float)
    ]


BY_SITE = Chart(
    title="By site",
    query="by_site",
    definition="Redemptions at each site, the 20 with the most net redemptions apart and the "
    "others gathered. " + DEFINITIONS["Cancellation rate"],
    figure=figure,
    reading=reading,
    table=table,
    on_click=narrow("site"),
)
TABLE_FILES = [BY_SITE]
