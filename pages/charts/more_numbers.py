"""The less common numbers, and what the numbers rest on."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.frame.scopes import ALL_TIME, of_period
from pages.frame.tile_row import Tile, tile_row
from pages.frame.url_state import chosen
from pages.frame.view_state import keep
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import missing, percent, plural, whole
from queries.filters import Filters
from queries.notebooks.pinning import Pin


def more_numbers(numbers: pd.Series) -> None:
    """Draw the less common numbers in an expander; they are fetched once it is open."""
    key = keep("more", False, (False, True), key="more_numbers")
    expander = st.expander("More numbers", key=key, on_change="rerun")
    if not expander.open:
        return
    # Whole lives of codes: a part of them would be neither final nor typical.
    ever = replace(chosen(), from_=None, to=None)
    final = fetch("maturity", ever).iloc[0]
    waits = fetch("time_to_redeem", ever).iloc[0]
    uses = numbers["scans_per_redeemed_code"]
    shown = (
        ("Redemptions", whole(numbers["redemptions"]), "", of_period()),
        (
            "Final redemption rate",
            percent(final["matured_rate"]),
            f"{whole(final['redeemed_codes'])} of {plural(final['matured_codes'], 'expired code')}",
            ALL_TIME,
        ),
        ("Times used per redeemed code", "–" if missing(uses) else f"{uses:.2f}", "", of_period()),
        (
            "Units given",
            whole(numbers["units_given"]),
            f"{whole(numbers['units_unknown'])} unknown" if numbers["units_unknown"] else "",
            of_period(),
        ),
        ("Typical days to redeem", _days(waits["median"]), _middle_half(waits), ALL_TIME),
    )
    with expander:
        tile_row(
            (
                Tile(label, value, ". ".join(filter(None, (beside, scope))), DEFINITIONS[label])
                for label, value, beside, scope in shown
            ),
            *_pins(ever),
        )
    if waits["before_start"]:
        with expander:
            st.caption(
                f"{plural(waits['before_start'], 'code')} redeemed before the start are left out "
                "of the days to redeem."
            )


def _pins(ever: Filters) -> tuple[Pin, ...]:
    """The cells of these numbers: those of the filters, and those of codes' whole lives."""
    return (
        Pin("chart", "more_numbers", "numbers", "All numbers"),
        Pin("chart", "maturity", "maturity", "Final redemption rate", filters=ever),
        Pin("chart", "time_to_redeem", "time_to_redeem", "Typical days to redeem", filters=ever),
    )


def notes(numbers: pd.Series) -> None:
    """Draw how many redemptions lack a codes file or a transaction, if there are any."""
    sentences = [
        f"{plural(numbers['of_unknown_codes'], 'redemption')} of codes missing from the imported "
        "code files"
        if numbers["of_unknown_codes"]
        else "",
        f"{plural(numbers['from_codes_files'], 'redemption')} known only from code files"
        if numbers["from_codes_files"]
        else "",
    ]
    if any(sentences):
        st.caption(" · ".join(part for part in sentences if part))


def _middle_half(waits: pd.Series) -> str:
    if missing(waits["median"]):
        return ""
    quartiles = f"{_days(waits['lower_quartile'])} to {_days(waits['upper_quartile'])}"
    return f"The middle half took {quartiles}"


def _days(value: float) -> str:
    return "–" if missing(value) else f"{value:.1f}"
