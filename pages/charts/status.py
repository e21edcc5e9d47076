"""Status of the codes: what has become of them."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.both_reading import Counted, differs_most
from pages.charts.both_rows import Rows, rows_of_both
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.leaders import NO_CODE
from pages.charts.sides import Both, Sides, memoized_for_both
from pages.charts.style import (
    CANCELLED,
    ENOUGH,
    HATCH,
    NET,
    REST,
    counting_axis,
    named_bars,
    readable_on,
)
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import percent, plural, whole
from queries.filters import STATUS_WORDS
from queries.text import listed

COLOURS = {
    "redeemed": NET,
    "cancelled": CANCELLED,
    "active": "#009E73",
    "scheduled": "#56B4E9",
    "expired": REST,
    "deleted": "#6B6B6B",
}
DID = {
    "redeemed": "were redeemed",
    "cancelled": "were redeemed and cancelled",
    "active": "can still be redeemed",
    "scheduled": "have not started yet",
    "expired": "expired unused",
    "deleted": "were deleted",
}


@memoized
def figure(frame: pd.DataFrame) -> go.Figure:
    """How many codes have which status, the most on top."""
    shown = frame[::-1]
    is_hatched = [status == "cancelled" for status in shown["status"]]
    bars = go.Bar(
        x=shown["codes"],
        orientation="h",
        marker={
            "color": [COLOURS[status] for status in shown["status"]],
            "pattern": HATCH | {"shape": ["/" if hatched else "" for hatched in is_hatched]},
        },
        text=[
            f"{codes:,} · {share:.1%}"
            for codes, share in zip(shown["codes"], shown["share"], strict=True)
        ],
        insidetextfont={"color": [readable_on(COLOURS[status]) for status in shown["status"]]},
        # Nobody can read a text on hatching.
        textposition=["outside" if hatched else "auto" for hatched in is_hatched],
        customdata=[[status, STATUS_WORDS[status]] for status in shown["status"]],
        hovertemplate="%{hovertext}<br>%{text}<extra></extra>",
    )
    x = counting_axis(frame["codes"].max()) | {"rangemode": "tozero"}
    return named_bars(shown["status"].map(STATUS_WORDS), [bars], x=x)


@memoized
def reading(frame: pd.DataFrame) -> str:
    """What became of most codes, and how many redeemed ones count as deleted."""
    if frame.empty:
        return NO_CODE
    first, codes = frame.iloc[0], int(frame["codes"].sum())
    leads = int((frame["codes"] == first["codes"]).sum()) == 1 and first["codes"] >= ENOUGH
    if leads or len(frame) == 1:
        share = percent(first["share"])
        sentence = f"{share} {DID[first['status']]} ({whole(first['codes'])} of {whole(codes)})."
    else:
        counts = [
            f"{whole(row['codes'])} {STATUS_WORDS[row['status']].lower()}"
            for _, row in frame.iterrows()
        ]
        sentence = f"{plural(codes, 'code')}: {listed(counts)}."
    return sentence + _deleted_later(frame)


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per status."""
    return pd.DataFrame(
        {
            "Status": frame["status"].map(STATUS_WORDS),
            "Codes": frame["codes"],
            "Share": frame["share"],
            "Of these redeemed": frame["redeemed_codes"],
        }
    )


@memoized_for_both
def figure_of_both(sides: Sides) -> go.Figure | None:
    """The same of A and B, status by status."""
    return rows_of_both(sides, Rows(figure, "status", STATUS_WORDS.__getitem__))


@memoized_for_both
def apart_of_both(sides: Sides) -> str:
    """Which status's share of the codes differs most."""
    share = Counted("Codes", None, "statuses", "of the codes")
    return differs_most(table(sides.a), table(sides.b), share)


def _deleted_later(frame: pd.DataFrame) -> str:
    """By how many codes the tile “Redeemed codes” is above the status “Redeemed”."""
    count = int(frame[frame["status"] == "deleted"]["redeemed_codes"].sum())
    if not count:
        return ""
    were, counts = ("was", "counts") if count == 1 else ("were", "count")
    code = plural(count, "redeemed code")
    return f" {code} {were} deleted later and {counts} as Deleted here."


STATUS = Chart(
    of="moment",
    title="Status of the codes",
    query="status",
    definition=DEFINITIONS["Status"],
    figure=figure,
    reading=reading,
    table=table,
    on_click=narrow("status"),
    both=Both(figure_of_both, apart_of_both),
)
TABLE_FILES = [STATUS]
