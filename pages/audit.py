"""Audit: who did what, and the proof that no line of the log is missing."""

import streamlit as st

from pages.auditing.check import check_log
from pages.auditing.log import log
from pages.charts.card import panel
from pages.frame.data_until import show_data_until
from pages.frame.fragments import fragment
from pages.people.current import require
from pages.people.person import Right

st.title("Audit", anchor=False)
require(Right.ADMINISTER)
show_data_until()

with panel("Who did what"):
    st.caption(
        "Sign-ins and refusals, every file that left, searches for a code, imports and what was "
        "taken back, the latest first. Codes are shown as fingerprints only: the same code has "
        "always the same one. Select an entry to see all of it."
    )
    fragment(log)

with panel("Is the log whole?"):
    st.caption(
        "Each line holds the SHA-256 of the line before, so that a line that was changed, "
        "removed or added breaks the chain. `python -m data.audit --verify` checks the same."
    )
    fragment(check_log)
