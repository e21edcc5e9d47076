"""Cancellation rates by site, group or campaign."""

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.both_reading import Counted, differs_most
from pages.charts.both_rows import Rows, rows_of_both
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.leaders import (
    NO_REDEMPTION,
    NONE_CANCELLED,
    Parts,
    all_names,
    apart,
    chance_of,
    highest_rate,
    left_out,
    parts,
)
from pages.charts.rates import (
    BESIDE,
    COMPARED,
    PALE,
    few,
    few_column,
    numbers_beside,
    rate_axis,
    whiskers,
)
from pages.charts.sides import Both, Sides, memoized_for_both
from pages.charts.style import CANCELLED, ENOUGH, HATCH, TOP, named_marks
from pages.text.definitions import DEFINITIONS, cancellation_rate
from pages.text.numbers import percent, percent_within, plural
from queries.text import listed

DEFINITION = f"{DEFINITIONS['Cancelled']} {DEFINITIONS['Cancellation rate']}"

MOST_BEYOND = 3  # names that a reading lists


@memoized
def figure(frame: pd.DataFrame, kind: str) -> go.Figure | None:
    """The highest cancellation rates with their intervals and counts; None of a single name.

    Names with too few redemptions to judge come last, and what has no name below them.
    """
    return bars(frame, kind) if len(parts(frame, "name", kind).shown) > 1 else None


def bars(frame: pd.DataFrame, kind: str) -> go.Figure:
    """The same, also of a single name."""
    rows = parts(frame, "name", kind)
    shown = _in_chart(frame, kind)[::-1]
    tells = shown["redemptions"] >= ENOUGH
    rate, high = shown["cancellation_rate"].astype(float), shown["high"].astype(float)
    texts = [
        f"{percent(r)} · {cancelled:,} of {all_:,}"
        for r, cancelled, all_ in zip(rate, shown["cancelled"], shown["redemptions"], strict=True)
    ]
    notes = [f" ({note})" if note else "" for note in few(shown["redemptions"])]
    marks = go.Bar(
        x=rate,
        orientation="h",
        marker={"color": CANCELLED, "pattern": HATCH, "opacity": tells.map({True: 1, False: PALE})},
        error_x=whiskers(shown, rate, tells),
        text=[f"{text} cancelled{note}" for text, note in zip(texts, notes, strict=True)],
        textposition="none",  # only in the hover; the numbers stand beside the whisker
        customdata=_clicked(shown, rows, kind),
        hovertemplate="%{hovertext}<br>%{text}<extra></extra>",
    )
    ends = high.where(tells, rate)
    numbers = numbers_beside(ends, [f"{BESIDE}{text}" for text in texts])
    # The rest of the width is for the numbers; on a phone, more ticks would not fit.
    x = rate_axis(float(ends.max())) | {"domain": [0, 0.6], "nticks": 5, "tickangle": 0}
    return named_marks(shown["name"], [marks, numbers], x=x, showlegend=False)


@memoized
def reading(frame: pd.DataFrame, kind: str) -> str:
    """Where the cancellation rate is highest and whether by chance, where enough can be judged."""
    if frame.empty:
        return NO_REDEMPTION
    rows = parts(frame, "name", kind)
    sentence = _highest(rows, kind) if len(rows.shown) else ""
    notes = f"{_pale(frame, kind)}{left_out(len(rows.named), kind)}{apart(rows, kind)}"
    return f"{sentence}{notes}".strip()


@memoized
def table(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """One row per name, and one of what is counted beside them."""
    return pd.DataFrame(
        {
            label: all_names(frame, "name"),
            "Cancellation rate": frame["cancellation_rate"],
            "Low": frame["low"],
            "High": frame["high"],
            "Cancelled": frame["cancelled"],
            "Redemptions": frame["redemptions"],
            "Note": few_column(frame["redemptions"]),
        }
    )


@memoized_for_both
def figure_of_both(sides: Sides, kind: str) -> go.Figure | None:
    """The same of A and B, name by name."""
    return rows_of_both(sides, Rows(lambda frame: bars(frame, kind), "name"))


@memoized_for_both
def apart_of_both(sides: Sides, label: str, kind: str) -> str:
    """Whose rate differs most."""
    rate = Counted("Cancelled", "Redemptions", f"{kind}s", "cancelled")
    return differs_most(table(sides.a, label), table(sides.b, label), rate)


@memoized
def _in_chart(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows of the bars, from the top down."""
    rows = parts(frame, "name", kind)
    ranked = rows.named.assign(tells=rows.named["redemptions"] >= ENOUGH).sort_values(
        ["tells", "cancellation_rate", "redemptions"], ascending=False
    )
    return pd.concat([ranked[:TOP], rows.nameless])


def _clicked(shown: pd.DataFrame, rows: Parts, kind: str) -> list[list[str] | None]:
    """What a click chooses. The filter “(no site)” also has what is counted beside the chart."""
    nothing = f"(no {kind})" if rows.beside else None
    return [None if name == nothing else [name] for name in shown["name"]]


def _highest(rows: Parts, kind: str) -> str:
    shown, several = rows.shown, f"{kind}s"
    cancelled, redemptions = int(shown["cancelled"].sum()), int(shown["redemptions"].sum())
    if not cancelled:
        return NONE_CANCELLED
    of_all = f"{percent(cancellation_rate(cancelled, redemptions))} of "
    of_all += plural(redemptions, "redemption")
    if len(shown) == 1:
        return f"{shown.iloc[0]['name']}: {of_all} cancelled."
    if len(rows.named) == 1:
        only = rows.named.iloc[0]
        return f"{only['name']}: {_rate(only)} cancelled."
    leading, among = highest_rate(rows.named, several)
    if leading.empty:
        return (
            f"{of_all} cancelled; fewer than two {several} have the {ENOUGH} redemptions that it "
            "takes to compare them."
        )
    highest = leading.iloc[0]
    if not highest["cancelled"]:
        fewer = len(rows.named[rows.named["cancelled"] > 0])
        return f"None was cancelled{among}{'; see those with fewer below' if fewer else ''}."
    if len(leading) > 1:
        rate = percent(highest["cancellation_rate"])
        return f"{len(leading):,} {several} share the highest cancellation rate{among}: {rate}."
    chance, beyond = chance_of(leading, rows.named, several)
    first, *others = (
        f"{row['name']} with {_rate(row)}" for _, row in pd.concat([leading, beyond]).iterrows()
    )
    also = f" Beyond it: {listed(others, MOST_BEYOND)}." if others else ""
    return f"The highest cancellation rate{among}: {first}{chance}.{also}"


def _rate(row: pd.Series) -> str:
    rate = percent_within(row["cancellation_rate"], row["low"], row["high"])
    return f"{rate} of {plural(row['redemptions'], 'redemption')}"


def _pale(frame: pd.DataFrame, kind: str) -> str:
    is_pale = _in_chart(frame, kind)["redemptions"] < ENOUGH
    if len(is_pale) < 2 or not is_pale.any():
        return ""
    return f" Pale bars: fewer than {ENOUGH} redemptions."


def cancellations_by(kind: str) -> Chart:
    """The chart by "site", "group" or "campaign"."""
    return Chart(
        title=f"Cancellations by {kind}",
        query="cancellations",
        name=f"cancellations_by_{kind}",
        values={"by": kind},
        definition=f"The {TOP} highest rates; those with fewer than {ENOUGH} redemptions come "
        f"last. {DEFINITION} {COMPARED}",
        figure=lambda frame: figure(frame, kind),
        reading=lambda frame: reading(frame, kind),
        table=lambda frame: table(frame, kind.capitalize()),
        on_click=narrow(kind),
        both=Both(
            lambda sides: figure_of_both(sides, kind),
            lambda sides: apart_of_both(sides, kind.capitalize(), kind),
        ),
    )


TABLE_FILES = [cancellations_by(kind) for kind in ("site", "group", "campaign")]
