"""The numbers of Exposure: when the outstanding codes expire, and how many are likely to come."""

import streamlit as st

from pages.charts.outlook import MOST_DAYS, Outlook
from pages.charts.pinned import pin_of_numbers
from pages.frame.scopes import of_moment
from pages.frame.tile_row import Tile, tile_row
from pages.text.definitions import DEFINITIONS
from pages.text.numbers import whole
from queries.forecast import AIM, whole_codes


def exposure_numbers(ahead: Outlook) -> None:
    """Draw them in a row; the first three add up to the tile Outstanding."""
    low, high = whole_codes(ahead.to_come)
    shown = (
        Tile(f"Expire within {MOST_DAYS} days", whole(ahead.soon), of_moment()),
        Tile("Expire later", whole(ahead.later), of_moment()),
        Tile("Never expire", whole(ahead.never), of_moment()),
        Tile(
            "Still to come",
            whole(ahead.to_come.value) if ahead.judged else "–",
            f"{whole(low)}–{whole(high)}, the range that aims to hold in {AIM:.0%} of cases, "
            f"of {whole(ahead.judged)} codes"
            if ahead.judged
            else "Not enough history",
            f"{DEFINITIONS['Still to come']} {DEFINITIONS['Interval of what comes']}",
        ),
    )
    tile_row(shown, pin_of_numbers("exposure", "What is outstanding"))


def none_outstanding() -> None:
    """Say that no chosen code could be redeemed, and what to do. Stops the script."""
    st.info(
        f"None of these codes could be redeemed {of_moment()}: they were redeemed or cancelled, "
        "have expired or not started. Choose other codes, or an earlier day under “As of”.",
        icon=":material/event_busy:",
    )
    st.stop()
