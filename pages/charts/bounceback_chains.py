"""Chains of bouncebacks: children of children."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.bounceback_rows import NO_CHILD
from pages.charts.chart import Chart
from pages.charts.sides import Both
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import plural, whole

DEEPEST = 20  # to which bounceback_chains.sql follows a chain


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """None: the few numbers are a table."""
    return None


@memoized
def reading(frame: pd.DataFrame) -> str:
    """How deep the chains go."""
    if frame.empty:
        return NO_CHILD
    deepest, children = int(frame["depth"].max()), int(frame["children"].sum())
    if deepest == 1:
        return f"No chain: none of {plural(children, 'bounceback')} was triggered by another one."
    further = int(frame[frame["depth"] > 1]["children"].sum())
    were = "was" if further == 1 else "were"
    depth = f"{DEEPEST} deep or more, or a circle" if deepest == DEEPEST else f"{deepest} deep"
    return (
        f"{whole(further)} of {plural(children, 'bounceback')} {were} triggered by another "
        f"bounceback; the longest chain is {depth}."
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per depth."""
    return pd.DataFrame(
        {
            "Depth": frame["depth"],
            "Children issued": frame["children"],
            "Children redeemed": frame["redeemed"],
            "Return rate": frame["return_rate"].astype(float),
            "Low": frame["low"].astype(float),
            "High": frame["high"].astype(float),
        }
    )


CHAINS = Chart(
    of="moment",
    title="Chains",
    query="bounceback_chains",
    definition=f"{DEFINITIONS['Chain']} Return rate: {DEFINITIONS['Return rate']}",
    figure=figure,
    reading=reading,
    table=table,
    both=Both(keys=1),
)
TABLE_FILES = [CHAINS]
