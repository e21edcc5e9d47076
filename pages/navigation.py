"""The pages, their order and icons; draws the filters once, for every page."""

import streamlit as st

from pages.answers import run_log
from pages.answers.fetch import prefetch, remember
from pages.frame.footer import footer
from pages.frame.fragments import unavailable_shown
from pages.frame.links import links
from pages.frame.sidebar import sidebar
from pages.frame.url_state import chosen, read_url, write_url

st.set_page_config(
    page_title="Voucher Explorer",
    page_icon=":material/confirmation_number:",
    layout="wide",
    initial_sidebar_state=260,
)

PAGES = [
    st.Page("overview.py", title="Overview", icon=":material/monitoring:", default=True),
    st.Page("codes.py", title="Codes", icon=":material/confirmation_number:"),
    st.Page("batches.py", title="Batches", icon=":material/inventory_2:"),
    st.Page("transactions.py", title="Transactions", icon=":material/receipt_long:"),
    st.Page("downloads.py", title="Downloads", icon=":material/download:"),
    st.Page("imports.py", title="Imports", icon=":material/upload_file:"),
]
page = st.navigation(PAGES, position="hidden")
run_log.begin()
read_url(page.url_path)
with unavailable_shown():
    with prefetch(page.url_path, chosen()):
        links(PAGES)
        sidebar()
        write_url()
        page.run()
    remember(page.url_path, chosen(), run_log.current().entries)
    footer()
