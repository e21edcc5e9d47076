"""Asks once for all offered files when they were exported: until when their data reach."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import streamlit as st

from data.importing.exported import proposed
from data.importing.preview import Preview
from data.store.errors import Refused
from pages.importing.uploads import SCOPES, key_for_now
from queries.fields import FIRST_DAY

EARLIEST = datetime.combine(FIRST_DAY, time())
PROPOSED = f"{SCOPES}_data_until"


def ask_exported_at(found: Iterable[Preview | Refused]) -> datetime:
    """When the files were exported, as proposed or typed."""
    times = [seen.latest for seen in found if isinstance(seen, Preview) and seen.latest]
    latest = max(times, default=None)
    key = key_for_now("data_until")
    known_latest, proposal = st.session_state.get(PROPOSED, ("nothing yet", None))
    if latest != known_latest:
        is_typed = proposal is not None and st.session_state.get(key) != proposal
        proposal = proposed(latest, datetime.now()).replace(second=0, microsecond=0)
        st.session_state[PROPOSED] = (latest, proposal)
        if not is_typed:
            st.session_state[key] = proposal
    typed = st.datetime_input(
        "Data until",
        key=key,
        min_value=EARLIEST,
        # Not now: another value at each rerun would be another widget.
        max_value=datetime.combine(date.today() + timedelta(days=1), time(23, 59)),
        step=timedelta(minutes=1),
        format="DD/MM/YYYY",
        width=260,
        help="When the files were exported: every number is counted up to then. Proposed is now "
        "or, where the latest redemption in the files is more than 31 days old, that moment.",
    )
    return typed or proposal
