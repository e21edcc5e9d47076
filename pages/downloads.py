"""Downloads: what was downloaded and when, and which downloads held a code."""

import streamlit as st

from pages.charts.card import panel
from pages.downloading.leak_search import leak_search
from pages.downloading.receipts import downloads, show_receipt
from pages.frame.heading import heading
from pages.people.current import person
from pages.tables.columns import DOWNLOADS
from pages.tables.selectable import select_row
from pages.text.numbers import latest

heading("Downloads")
past, every = downloads()

with panel("Past downloads"):
    if past.empty:
        st.caption("Nothing has been downloaded yet.")
        st.stop()
    left_out = latest(len(past), every)
    st.caption(f"Every download, the latest first. Select one to see its receipt.{left_out}")
    receipt_id = select_row(
        past,
        past["receipt"].tolist(),
        "rows_downloads",
        DOWNLOADS,
        "The downloads, the latest first",
    )
    if receipt_id is not None:
        show_receipt(str(receipt_id))

if not person().may_trace():
    st.stop()
with panel("Which download held a code?"):
    st.caption(
        "To trace a leak, type a code. The filters of each download are applied again to the data "
        "of its time, from the kept files; that takes about as long as importing them did. The "
        "code is forgotten when you close this tab; the audit log notes the search, with a "
        "fingerprint of the code only."
    )
    code = st.text_input("Code", key="traced_code", icon=":material/search:", width=280).strip()
    if code:
        leak_search(code)
