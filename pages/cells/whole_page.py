"""Reruns the whole page when an editor gets no answer, which a fragment cannot do for itself.

After a restart of the server, Streamlit's page goes on with a session that knows no fragments yet,
and ignores what they send.
"""

import streamlit as st

# The event is that of editor_assets/exchange.js. The listener stands once: reruns replace `rerun`.
SCRIPT = """
const UNANSWERED = "cell-editor-unanswered";
let rerun;
const asked = () => rerun();
export default ({ setTriggerValue }) => {
    rerun = () => setTriggerValue("asked", true);
    document.addEventListener(UNANSWERED, asked);
    return () => document.removeEventListener(UNANSWERED, asked);
};
"""


def rerun_for_editors() -> None:
    """Listen to the editors of the page; draw it once, outside of fragments."""
    st.components.v2.component("whole_page", js=SCRIPT)(
        key="whole_page", on_asked_change=lambda: None
    )
