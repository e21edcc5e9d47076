"""The tiles: seven numbers, each with its change and a small curve."""

import pandas as pd
import streamlit as st

from pages.parts.fetch import fetch, today
from pages.parts.state import chosen
from pages.parts.words import DEFINITIONS, missing, percent, plural, whole

COLUMNS = {
    "Codes issued": "codes_issued",
    "Redeemed codes": "redeemed_codes",
    "Redemption rate": "redemption_rate",
    "Net redemptions": "net",
    "Cancelled": "cancelled",
    "Cancellation rate": "cancellation_rate",
    "Outstanding": "outstanding",
}
RATES = ("Redemption rate", "Cancellation rate")
# These do not depend on the period, so there is no period before to compare with.
TIMELESS = ("Codes issued", "Outstanding")
BAD = ("Cancelled", "Cancellation rate")


def tiles(labels: tuple[str, ...] = tuple(COLUMNS)) -> pd.Series:
    """Draw the tiles of the filters in force; returns their numbers."""
    numbers = fetch("numbers", chosen()).iloc[0]
    earlier = chosen().previous(today())
    before = fetch("numbers", earlier).iloc[0] if earlier else None
    curves = fetch("trend", chosen())
    with st.grid(len(labels), min_column_width=128, gap="xsmall"):
        for label in labels:
            _tile(label, numbers, before, curves)
    return numbers


def notes(numbers: pd.Series) -> None:
    """What else the numbers rest on, where there is any."""
    said = [
        f"{plural(numbers['redemptions'], 'redemption')} with cancelled ones",
        f"{numbers['scans_per_redeemed_code']:.2f} scans per redeemed code"
        if not missing(numbers["scans_per_redeemed_code"])
        else "",
        f"{plural(numbers['units_given'], 'item')} given",
        f"{plural(numbers['of_unknown_codes'], 'redemption')} of codes that no codes file brought"
        if numbers["of_unknown_codes"]
        else "",
        f"{plural(numbers['from_codes_files'], 'redemption')} known only from codes files"
        if numbers["from_codes_files"]
        else "",
    ]
    st.caption(" · ".join(part for part in said if part))


def _tile(label: str, numbers: pd.Series, before: pd.Series | None, curves: pd.DataFrame) -> None:
    column = COLUMNS[label]
    value = numbers[column]
    change = None
    if before is not None and label not in TIMELESS:
        change = _change(label, value, before[column])
    curve = curves[column].astype(float).fillna(0)
    st.metric(
        label,
        percent(value) if label in RATES else whole(value),
        change,
        delta_color="inverse" if label in BAD else "normal",
        delta_description=None if change is None else "than before",
        help=_explained(label, numbers),
        border=True,
        height="stretch",
        chart_data=curve if len(curve) > 1 else None,
    )


def _change(label: str, now: float, before: float) -> str | int | None:
    if missing(before) or missing(now) or before == 0:
        return None
    if now == before:
        return 0
    if label in RATES:
        return f"{(now - before) * 100:+.1f} points"
    return f"{(now - before) / before:+.1%}"


def _explained(label: str, numbers: pd.Series) -> str:
    text = DEFINITIONS[label]
    if label == "Outstanding":
        soon = ", ".join(
            f"{whole(numbers[f'expiring_{days}'])} within {days} days" for days in (7, 14, 30)
        )
        text += f" Of these expire: {soon}."
    return text
