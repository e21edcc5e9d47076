"""Who may read the audit log."""

import streamlit as st

from pages.people.current import person
from pages.people.person import Right


def stop_others() -> None:
    """Stop the script with a sentence for persons who may not read the log.

    Call it where the log is read: a fragment reruns without the page around it.
    """
    if not person().may(Right.ADMINISTER):
        st.info("The audit log is for admins. Ask one of them.", icon=":material/lock:")
        st.stop()
