"""Status of the codes: what has become of them."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.leaders import NO_CODE
from pages.charts.style import CANCELLED, HATCH, NET, REST, counting_axis, named_bars
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import percent, plural, whole
from queries.filters import STATUS_WORDS

COLOURS = {
    "redeemed": NET,
    "cancelled": CANCELLED,
    "active": "#009E73",
    "scheduled": "#56B4E9",
    "expired": REST,
    "deleted": "#5F5F5F",
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
        # Nobody can read a text on hatching.
        textposition=["outside" if hatched else "auto" for hatched in is_hatched],
        customdata=shown[["status"]].to_numpy().tolist(),
        hovertemplate="%{hovertext}<br>%{text}<extra></extra>",
    )
    x = counting_axis(frame["codes"].max()) | {"rangemode": "tozero"}
    return named_bars(shown["status"].map(STATUS_WORDS), [bars], x=x)


@memoized
def reading(frame: pd.DataFrame) -> str:
    """The most frequent status."""
    if frame.empty:
        return NO_CODE
    first = frame.iloc[0]
    return (
        f"{STATUS_WORDS[first['status']]}: {whole(first['codes'])} of "
        f"{plural(int(frame['codes'].sum()), 'code')} ({percent(first['share'])})."
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per status."""
    return pd.DataFrame(
        {
            "Status": frame["status"].map(STATUS_WORDS),
            "Codes": frame["codes"],
            "Share": frame["share"],
        }
    )


STATUS = Chart(
    title="Status of the codes",
    query="status",
    definition=DEFINITIONS["Status"],
    figure=figure,
    reading=reading,
    table=table,
    on_click=narrow("status"),
)
TABLE_FILES = [STATUS]
