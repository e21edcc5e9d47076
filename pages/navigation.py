"""The pages, their order and icons; draws the filters once, for every page."""

import streamlit as st

from pages.parts import filters, state, timing
from pages.parts.alone import or_why_not
from pages.parts.fetch import ask_ahead, remember

st.set_page_config(
    page_title="Voucher Explorer",
    page_icon=":material/confirmation_number:",
    layout="wide",
    initial_sidebar_state=260,
)

page = st.navigation(
    [
        st.Page("overview.py", title="Overview", icon=":material/monitoring:", default=True),
        st.Page("codes.py", title="Codes", icon=":material/confirmation_number:"),
        st.Page("batches.py", title="Batches", icon=":material/inventory_2:"),
        st.Page("transactions.py", title="Transactions", icon=":material/receipt_long:"),
        st.Page("downloads.py", title="Downloads", icon=":material/download:"),
        st.Page("imports.py", title="Imports", icon=":material/upload_file:"),
    ]
)
timing.begin()
state.read_url(page.url_path)
with or_why_not():
    with ask_ahead(page.url_path, state.chosen()):
        filters.sidebar()
        state.write_url()
        page.run()
    remember(page.url_path, state.chosen(), timing.all_asked())
    timing.footer()
