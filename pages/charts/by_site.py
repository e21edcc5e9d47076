"""By site: where codes were redeemed, and where redemptions were cancelled."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.both_reading import Counted, differs_most
from pages.charts.both_rows import Rows, rows_of_both
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.leaders import (
    ALL_CANCELLED,
    NO_REDEMPTION,
    Parts,
    ahead_of_the_next,
    all_names,
    apart,
    leader,
    parts,
)
from pages.charts.rates import FEW_NOTE, few, few_column
from pages.charts.sides import Both, Sides, memoized_for_both
from pages.charts.style import ENOUGH, STACKED, TOP, counting_axis, named_bars
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import percent, plural, whole


@memoized
def figure(frame: pd.DataFrame) -> go.Figure:
    """Net and cancelled redemptions of the first sites and of no site, the rate at the end.

    Where no site has so many that its bar would dwarf the others, it has the numbers alone.
    """
    rows = parts(frame, "site", "site")
    first = rows.named[:TOP]
    most = (first if len(first) else rows.nameless)["redemptions"].max() if len(rows.shown) else 1
    shown = pd.concat([first, rows.nameless])[::-1]
    has_bar = shown["redemptions"] <= most
    # The filter “(no site)” also chooses what is counted beside the chart.
    customdata = [None if rows.beside and site == "(no site)" else [site] for site in shown["site"]]
    bars = [
        go.Bar(
            x=shown[column].where(has_bar, 0),
            orientation="h",
            name=label,
            marker={"color": colour, "pattern": pattern},
            customdata=customdata,
            hovertemplate="%{hovertext}<br>" + label + ": %{x:,}<extra></extra>",
            text=_texts(shown, has_bar) if column == "cancelled" else None,
            textposition="outside",
            cliponaxis=False,
        )
        for column, label, colour, pattern in STACKED
    ]
    x = counting_axis(most) | {"range": [0, float(most) * 1.3]}
    return named_bars(shown["site"], bars, x=x, barmode="stack")


@memoized
def reading(frame: pd.DataFrame) -> str:
    """The strongest site, its share and whether by chance; and what the chart does not show."""
    if frame.empty:
        return NO_REDEMPTION
    rows = parts(frame, "site", "site")
    sentence = _first(rows) if len(rows.shown) else ""
    return f"{sentence}{_others(rows.named[TOP:])}{apart(rows, 'site')}".strip()


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per site, all of them, and one of what is counted beside them."""
    return pd.DataFrame(
        {
            "Site": all_names(frame, "site"),
            "Net redemptions": frame["net"],
            "Share": frame["share"],
            "Cancelled": frame["cancelled"],
            "Redemptions": frame["redemptions"],
            "Cancellation rate": frame["cancellation_rate"],
            "Note": few_column(frame["redemptions"]),
        }
    )


@memoized_for_both
def figure_of_both(sides: Sides) -> go.Figure | None:
    """The same of A and B, site by site."""
    return rows_of_both(sides, Rows(figure, "site"))


@memoized_for_both
def apart_of_both(sides: Sides) -> str:
    """Which site's share of the net redemptions differs most."""
    share = Counted("Net redemptions", None, "sites", "of the net redemptions")
    return differs_most(table(sides.a), table(sides.b), share)


def _first(rows: Parts) -> str:
    sites, net = rows.named, int(rows.shown["net"].sum())
    if not net:
        return ALL_CANCELLED
    if not sites["net"].sum():
        return f"{plural(net, 'net redemption')}, none with a site."
    best = sites.iloc[0]
    if len(sites) > 1 and best["net"] < ENOUGH:
        at = f"{plural(sites['net'].sum(), 'net redemption')} at {plural(len(sites), 'site')}"
        return f"{at}: fewer than {ENOUGH} at each, too few to say which leads."
    first, are_several = leader(sites["site"], sites["net"], "site")
    each, chance = (" each", "") if are_several else ("", ahead_of_the_next(sites["net"]))
    counts = f"{plural(best['net'], 'net redemption')}{each} ({percent(best['share'])})"
    return f"{first} {counts}{chance}."


def _others(rest: pd.DataFrame) -> str:
    """What the sites have that the chart does not show: one bar of them would dwarf the others."""
    if rest.empty:
        return ""
    cancelled = rest["cancelled"].sum()
    also = f", {whole(cancelled)} cancelled" if cancelled else ""
    return f" {plural(len(rest), 'other site')}: {whole(rest['net'].sum())} net{also}."


def _texts(shown: pd.DataFrame, has_bar: pd.Series) -> list[str]:
    """What stands at the end of each bar, or instead of it."""
    return [
        " · ".join([*([] if bar else [f"{net:,} net"]), *([_rate(rate, note)] if rate else [])])
        for bar, net, rate, note in zip(
            has_bar,
            shown["net"],
            shown["cancellation_rate"].astype(float),
            few(shown["redemptions"]),
            strict=True,
        )
    ]


def _rate(rate: float, note: str) -> str:
    return f"{percent(rate)} cancelled{f' ({note})' if note else ''}"


BY_SITE = Chart(
    title="By site",
    query="by_site",
    definition=f"Redemptions at each site. The chart shows the {TOP} sites with the most net "
    f"redemptions, the table all of them. {DEFINITIONS['Cancellation rate']} {FEW_NOTE}",
    figure=figure,
    reading=reading,
    table=table,
    on_click=narrow("site"),
    both=Both(figure_of_both, apart_of_both),
)
TABLE_FILES = [BY_SITE]
