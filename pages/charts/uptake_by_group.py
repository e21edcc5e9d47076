"""Redemption rate by group: which way of handing out codes worked, so far or in a period."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.best_rate import best_rate, with_interval
from pages.charts.both_reading import Counted, differs_most
from pages.charts.both_rows import Rows, rows_of_both
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.cohorts import KINDS
from pages.charts.leaders import NO_CODE, left_out
from pages.charts.rate_dots import ranked, rate_dots
from pages.charts.sides import Both, Sides, memoized_for_both
from pages.text.definitions import DEFINITIONS, WHISKERS
from pages.text.numbers import plural
from queries.chance import wilson

NO_GROUP = "(no group)"
# What the rate is of, without a period and with one: the column, and the word for a code.
ISSUED, LIVE = ("codes_issued", "code"), ("codes_live", "live code")


@memoized
def figure(frame: pd.DataFrame, of: tuple[str, str] = ISSUED) -> go.Figure | None:
    """The redemption rates of the first groups, best on top; none of fewer than two groups."""
    return dots(frame, of) if len(frame) > 1 else None


def dots(frame: pd.DataFrame, of: tuple[str, str]) -> go.Figure:
    """The same, also of a single group."""
    rows = ranked(_as_rates(frame, of[0]), NO_GROUP)
    counts = list(zip(rows["redeemed"], rows["codes"], rows["net"], strict=True))
    return rate_dots(
        rows["name"],
        rows,
        beside=[
            f"{redeemed / codes:.1%} · {redeemed:,} of {codes:,}" if codes else f"no {of[1]}s"
            for redeemed, codes, _ in counts
        ],
        notes=[
            f"{with_interval(redeemed, codes)}<br>{redeemed:,} of {plural(codes, of[1])}<br>"
            f"{plural(net, 'net redemption')}"
            for redeemed, codes, net in counts
        ],
    )


@memoized
def reading(frame: pd.DataFrame, of: tuple[str, str] = ISSUED) -> str:
    """The group with the best rate, and whether chance would do the same."""
    rows = _as_rates(frame, of[0]).dropna(subset=["rate"])
    if rows.empty:
        return NO_CODE
    if not rows["redeemed"].sum():
        return "None of these codes was redeemed within what is chosen."
    net = f" {plural(frame['net'][0], 'net redemption')}." if len(frame) == 1 else ""
    best = best_rate(rows, KINDS["group"], "redeemed", of[1])
    return f"{best}{net}{left_out(len(frame), 'group')}"


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per group."""
    return pd.DataFrame(
        {
            "Group": frame["group_name"],
            "Codes issued": frame["codes_issued"],
            "Redeemed codes": frame["redeemed_codes"],
            "Redemption rate": frame["redemption_rate"],
            "Codes live": frame["codes_live"],
            "Rate of live codes": frame["live_rate"].astype(float),
            "Net redemptions": frame["net"],
            "Cancelled": frame["cancelled"],
        }
    )


@memoized_for_both
def figure_of_both(sides: Sides, of: tuple[str, str]) -> go.Figure | None:
    """The same of A and B, group by group."""
    return rows_of_both(sides, Rows(lambda frame: dots(frame, of), "group_name"))


@memoized_for_both
def apart_of_both(sides: Sides, of: tuple[str, str]) -> str:
    """Which group's rate differs most."""
    codes = "Codes live" if of == LIVE else "Codes issued"
    rate = Counted("Redeemed codes", codes, "groups", "redeemed")
    return differs_most(table(sides.a), table(sides.b), rate)


def _as_rates(frame: pd.DataFrame, of: str) -> pd.DataFrame:
    """The groups under the names that all rates have, best first, with intervals."""
    rates = [
        wilson(redeemed, codes)
        for redeemed, codes in zip(frame["redeemed_codes"], frame[of], strict=True)
    ]
    rows = pd.DataFrame(
        {
            "name": frame["group_name"],
            "codes": frame[of],
            "redeemed": frame["redeemed_codes"],
            "net": frame["net"],
            "rate": [rate.value for rate in rates],
            "low": [rate.low for rate in rates],
            "high": [rate.high for rate in rates],
        }
    )
    return rows.sort_values("rate", ascending=False, kind="stable")


def uptake_by_group(*, in_period: bool) -> Chart:
    """The chart of all codes issued, or of those that were live in the chosen period."""
    of = LIVE if in_period else ISSUED
    return Chart(
        title="Redemption rate by group",
        query="uptake_by_group",
        definition=f"{DEFINITIONS['Redemption rate']} {DEFINITIONS['Redeemed codes']} {WHISKERS}",
        figure=lambda frame: figure(frame, of),
        reading=lambda frame: reading(frame, of),
        table=table,
        on_click=narrow("group"),
        both=Both(lambda sides: figure_of_both(sides, of), lambda sides: apart_of_both(sides, of)),
    )


UPTAKE_BY_GROUP = uptake_by_group(in_period=False)
TABLE_FILES = [UPTAKE_BY_GROUP]
