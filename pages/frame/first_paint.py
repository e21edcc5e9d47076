"""Lets a browser that opens the app paint the numbers before it loads the code of the charts."""

import time

import streamlit as st

PAUSE = 0.5  # seconds: React shows what has come 0.3 s after it last began to wait for code
BROWSER = "Mozilla/"  # so begin the names of all browsers
DONE = "has_let_numbers_paint"


def let_numbers_paint() -> None:
    """Pause the first run of a session, once its numbers are sent and before its first chart.

    Else the browser runs Plotly's code first, for a second or two, and shows nothing meanwhile.
    """
    if DONE in st.session_state:
        return
    st.session_state[DONE] = True
    if (st.context.headers.get("User-Agent") or "").startswith(BROWSER):
        time.sleep(PAUSE)
