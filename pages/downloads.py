"""Downloads: what left the house, when, and whether a code was in it."""

import streamlit as st

from pages.charts.card import panel
from pages.downloading.leak_search import leak_search
from pages.downloading.receipts import downloads, show_receipt
from pages.tables.columns import DOWNLOADS

st.title("Downloads", anchor=False)
past = downloads()

with panel("Past downloads"):
    if past.empty:
        st.caption("Nothing has been downloaded yet.")
        st.stop()
    st.caption("Every download, the latest first. Select one to see its receipt.")
    event = st.dataframe(
        past,
        hide_index=True,
        column_config=DOWNLOADS,
        placeholder="",
        alt="The downloads, the latest first",
        key="rows_downloads",
        on_select="rerun",
        selection_mode="single-row",
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < len(past):
        show_receipt(str(past["receipt"].iloc[rows[0]]))

with panel("Which download held a code?"):
    st.caption(
        "For tracing a leak: the filters of each download are asked again, of what was there "
        "then. That is made anew from the kept files, which takes as long as reading them. "
        "Nothing of what you type is kept."
    )
    code = st.text_input("Code", key="traced_code", icon=":material/search:", width=280).strip()
    if code:
        leak_search(code)
