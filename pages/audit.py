"""Audit: who did what, and the proof that no line of the log is missing."""

import streamlit as st

from pages.auditing.check import check_log
from pages.auditing.log import log
from pages.charts.card import panel
from pages.frame.fragments import fragment
from pages.frame.heading import heading
from pages.people.current import require
from pages.people.person import Right

heading("Audit")
require(Right.ADMINISTER)

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
