"""The check that no line of the audit log is missing or altered."""

import streamlit as st

from data.store import audit
from data.store.audit_chain import Check
from pages.answers.fetch import shown_store
from pages.people.current import require
from pages.people.person import Right
from pages.text.numbers import plural


def check_log() -> None:
    """Draw the button that checks the log, and then the outcome. Raises NotAllowed."""
    require(Right.ADMINISTER)
    if not st.button("Check the log", icon=":material/verified:", key="check_log"):
        return
    try:
        with st.spinner("Reading every line"):
            checked = audit.check(shown_store())
    except OSError:
        st.error("The audit log cannot be read.", icon=":material/error:")
        return
    _outcome(checked)


def _outcome(checked: Check) -> None:
    if checked.problem:
        st.error(checked.problem, title="The log is not whole", icon=":material/gpp_bad:")
        return
    if not checked.end.number:
        st.info("Nothing has been recorded yet.", icon=":material/info:")
        return
    entries = plural(checked.end.number, "entry", "entries")
    st.success(
        f"No line of {entries} is missing or altered.",
        title="The log is whole",
        icon=":material/verified:",
    )
    st.caption(
        "SHA-256 of the last line. Noted elsewhere with the number of entries, it proves later "
        "that nothing before it was written again."
    )
    st.code(checked.end.digest, language=None, wrap_lines=True)
