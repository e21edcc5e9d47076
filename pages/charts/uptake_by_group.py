"""Redemption rate by group: which way of handing out codes worked, so far."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.best_rate import best_rate, with_interval
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.cohorts import KINDS
from pages.charts.leaders import NO_CODE, left_out
from pages.charts.rate_dots import ranked, rate_dots
from pages.charts.style import TOP
from pages.text.definitions import DEFINITIONS, WHISKERS
from pages.text.numbers import plural

NO_GROUP = "(no group)"


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """The redemption rates of the first groups, best on top; none of fewer than two groups."""
    if len(frame) < 2:
        return None
    rows = ranked(_as_rates(frame), NO_GROUP)[:TOP]
    counts = list(zip(rows["redeemed"], rows["codes"], rows["net"], strict=True))
    return rate_dots(
        rows["name"],
        rows,
        beside=[
            f"{redeemed / issued:.1%} · {redeemed:,} of {issued:,}" if issued else "no codes"
            for redeemed, issued, _ in counts
        ],
        notes=[
            f"{with_interval(redeemed, issued)}<br>{redeemed:,} of {plural(issued, 'code')}<br>"
            f"{plural(net, 'net redemption')}"
            for redeemed, issued, net in counts
        ],
    )


@memoized
def reading(frame: pd.DataFrame) -> str:
    """The group with the best rate, and whether chance would do the same."""
    rows = _as_rates(frame).dropna(subset=["rate"])
    if rows.empty:
        return NO_CODE
    if not rows["redeemed"].sum():
        return "None of these codes was redeemed within what is chosen."
    net = f" {plural(frame['net'][0], 'net redemption')}." if len(frame) == 1 else ""
    return best_rate(rows, KINDS["group"], "redeemed") + net + left_out(len(frame), "group")


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per group."""
    return pd.DataFrame(
        {
            "Group": frame["group_name"],
            "Codes issued": frame["codes_issued"],
            "Redeemed codes": frame["redeemed_codes"],
            "Redemption rate": frame["redemption_rate"],
            "Low": frame["low"].astype(float),
            "High": frame["high"].astype(float),
            "Net redemptions": frame["net"],
            "Cancelled": frame["cancelled"],
        }
    )


def _as_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """The groups under the names that all rates have."""
    return frame.rename(
        columns={
            "group_name": "name",
            "codes_issued": "codes",
            "redeemed_codes": "redeemed",
            "redemption_rate": "rate",
        }
    )


UPTAKE_BY_GROUP = Chart(
    title="Redemption rate by group",
    query="uptake_by_group",
    definition=f"{DEFINITIONS['Redemption rate']} {DEFINITIONS['Redeemed codes']} {WHISKERS}",
    figure=figure,
    reading=reading,
    table=table,
    on_click=narrow("group"),
)
TABLE_FILES = [UPTAKE_BY_GROUP]
