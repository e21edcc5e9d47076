"""The tiles: seven numbers, each with its change and a small curve."""

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.run_log import today
from pages.frame.url_state import chosen
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import missing, percent, plural, whole
from queries.text import days

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
    if earlier:
        st.caption(f"Changes are against {days(earlier.from_, earlier.to)}, as many days before.")
    return numbers


def more_numbers(numbers: pd.Series) -> None:
    """Draw the less common numbers in an expander; they are fetched once it is open."""
    expander = st.expander("More numbers", key="more_numbers", on_change="rerun")
    if not expander.open:
        return
    matured = fetch("maturity", chosen()).iloc[0]
    waits = fetch("time_to_redeem", chosen()).iloc[0]
    scans = numbers["scans_per_redeemed_code"]
    quartiles = f"{_days(waits['lower_quartile'])} to {_days(waits['upper_quartile'])}"
    shown = (
        ("Redemptions", whole(numbers["redemptions"]), ""),
        (
            "Matured rate",
            percent(matured["matured_rate"]),
            f"{whole(matured['redeemed_codes'])} of {plural(matured['matured_codes'], 'code')}",
        ),
        ("Scans per redeemed code", "–" if missing(scans) else f"{scans:.2f}", ""),
        (
            "Units given",
            whole(numbers["units_given"]),
            f"{whole(numbers['units_unknown'])} unknown" if numbers["units_unknown"] else "",
        ),
        (
            "Days to redeem",
            _days(waits["median"]),
            "" if missing(waits["median"]) else f"half of them {quartiles}",
        ),
    )
    with expander, st.grid(len(shown), min_column_width=150, gap="xsmall"):
        for label, value, beside in shown:
            with st.container(border=True, height="stretch"):
                st.metric(label, value, help=DEFINITIONS[label])
                st.caption(beside)
    if waits["before_start"]:
        with expander:
            st.caption(
                f"{plural(waits['before_start'], 'code')} redeemed before the start are left out "
                "of the days to redeem."
            )


def notes(numbers: pd.Series) -> None:
    """Draw how many redemptions lack a codes file or a transaction, if there are any."""
    sentences = [
        f"{plural(numbers['of_unknown_codes'], 'redemption')} of codes that no codes file brought"
        if numbers["of_unknown_codes"]
        else "",
        f"{plural(numbers['from_codes_files'], 'redemption')} known only from codes files"
        if numbers["from_codes_files"]
        else "",
    ]
    if any(sentences):
        st.caption(" · ".join(part for part in sentences if part))


def _days(value: float) -> str:
    return "–" if missing(value) else f"{value:.1f}"


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
        points = round((now - before) * 100, 1)
        return f"{points:+.1f} points" if points else 0
    share = round((now - before) / before, 3)
    return f"{share:+.1%}" if share else 0


def _explained(label: str, numbers: pd.Series) -> str:
    text = DEFINITIONS[label]
    if label == "Outstanding":
        soon = ", ".join(
            f"{whole(numbers[f'expiring_{days}'])} within {days} days" for days in (7, 14, 30)
        )
        text += f" Of these expire: {soon}."
    return text
