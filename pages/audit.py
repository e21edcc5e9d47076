"""Audit: who did what, and the proof that no line of the log is missing."""

import streamlit as st

from pages.auditing.check import check_log
from pages.auditing.choice import choice
from pages.auditing.log import log
from pages.auditing.rights import stop_others
from pages.charts.card import panel
from pages.frame.fragments import fragment

st.title("Audit", anchor=False)
stop_others()


def _entries() -> None:
    stop_others()
    log(choice())


with panel("Who did what"):
    st.caption(
        "Sign-ins and refusals, every file that left, searches for a code, imports and what was "
        "taken back, the latest first. A code stands here only as a digest: the same code has "
        "the same one. Select an entry to see all of it."
    )
    fragment(_entries)

with panel("Is the log whole?"):
    st.caption(
        "Each line holds the SHA-256 of the line before, so that a line that was changed, "
        "removed or added breaks the chain. `python -m data.audit --verify` checks the same."
    )
    check_log()
