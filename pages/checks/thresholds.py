"""The thresholds of the checks, and the imports that they are about; all in the address."""

import streamlit as st

from pages.answers.fetch import fetch
from pages.frame.view_state import keep
from pages.tables.checks import LIMITS, MINUTES, MOST_MINUTES
from queries.filters import Filters
from queries.text import day

Thresholds = dict[str, object]


def thresholds() -> Thresholds:
    """Draw the controls. Returns the parameters of the queries of checks."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        minutes = st.number_input(
            "Minutes",
            min_value=1,
            max_value=MOST_MINUTES,
            key=keep("minutes", MINUTES, range(1, MOST_MINUTES + 1)),
            help="Redemptions of a code so near to each other are named.",
            width=140,
        )
        limits = st.segmented_control(
            "Limits of sites",
            LIMITS,
            required=True,
            format_func=lambda text: f"{text} %",
            key=keep("limits", LIMITS[0], LIMITS),
            help="Where only chance tells sites apart, so many of 100 lie between the limits.",
        )
        return {"minutes": int(minutes), "limits": str(limits), "imported_since": _since()}


def _since() -> str | None:
    """The first day of the imports that the checks are about, in ISO form; None: of all."""
    imports = fetch("imports", Filters())
    in_force = imports[imports["undone_at"].isna()]
    days = {at.date().isoformat(): day(at.date()) for at in in_force["imported_at"]}
    if not days:
        return None
    since = st.selectbox(
        "Imported",
        ["", *days],
        format_func=lambda text: f"since {days[text]}" if text else "at any time",
        key=keep("imported", "", ["", *days]),
        help="Only codes that an import since this day has brought or changed, or brought a "
        "redemption of. For redemptions since a day, use From in the filters.",
        width=220,
    )
    return since or None
