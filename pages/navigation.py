"""The pages, their order and icons; draws the filters once, for every page."""

from pathlib import Path

import streamlit as st

from pages.answers import run_log
from pages.answers.fetch import prefetch, remember
from pages.cells import alerts
from pages.cells.alert_badges import in_short, rerun_when_checked
from pages.cells.opening import show_opened_notebook
from pages.charts.pointer import point_at_marks
from pages.frame.accessibility import accessibility
from pages.frame.code_page import show_opened_code
from pages.frame.comparing import second_choice
from pages.frame.footer import footer
from pages.frame.fragments import unavailable_shown
from pages.frame.links import links
from pages.frame.printing import printing
from pages.frame.sidebar import sidebar
from pages.frame.sign_in import account
from pages.frame.typed_codes import search_typed_code
from pages.frame.url_state import chosen, read_url, write_url
from pages.frame.views_menu import open_start_view, saved_views
from pages.people.current import person

ICON = Path(__file__).parent / "frame" / "icon.svg"  # each browser loads a named one from afar
st.set_page_config(
    page_title="Voucher Explorer",
    page_icon=str(ICON),
    layout="wide",
    initial_sidebar_state=260,
)

SECTIONS = {
    "Explore": [
        st.Page("overview.py", title="Overview", icon=":material/monitoring:", default=True),
        st.Page("codes.py", title="Codes", icon=":material/confirmation_number:"),
        st.Page("code.py", title="A code", icon=":material/search_insights:"),
        st.Page("batches.py", title="Batches", icon=":material/inventory_2:"),
        st.Page("transactions.py", title="Transactions", icon=":material/receipt_long:"),
        st.Page("pivot.py", title="Pivot", icon=":material/pivot_table_chart:"),
        st.Page("bounceback.py", title="Bounceback", icon=":material/u_turn_left:"),
        st.Page("exposure.py", title="Exposure", icon=":material/event_upcoming:"),
        st.Page("notebooks.py", title="Notebooks", icon=":material/menu_book:"),
        st.Page("notebook.py", title="A notebook", icon=":material/note_stack:"),
    ],
    "Compare and check": [
        st.Page("since.py", title="Since last Monday", icon=":material/update:"),
        st.Page("to_check.py", title="To check", icon=":material/rule:"),
        st.Page("check_list.py", title="Check a list", icon=":material/checklist:"),
    ],
    "Files": [
        st.Page("downloads.py", title="Downloads", icon=":material/download:"),
        st.Page("imports.py", title="Imports", icon=":material/upload_file:"),
        st.Page("audit.py", title="Audit", icon=":material/policy:"),
    ],
}
run_log.begin()
with unavailable_shown():
    open_to_person = {
        section: [page for page in pages if person().may_open(page.url_path)]
        for section, pages in SECTIONS.items()
    }
    page = st.navigation(open_to_person, position="hidden")
    open_start_view(page.url_path)
    read_url(page.url_path)
    show_opened_code()
    show_opened_notebook()
    search_typed_code()
    with prefetch(page.url_path, chosen(), second_choice()):
        alerts_shown = alerts.looked()
        links(open_to_person, {"notebooks": in_short(alerts_shown)})
        account()
        saved_views()
        sidebar()
        with st.sidebar:
            point_at_marks()
            accessibility()
            printing()
        write_url()
        try:
            page.run()
        finally:  # a page may stop where it has nothing to show
            write_url()
    remember(page.url_path, chosen(), run_log.current().entries, second_choice())
    footer()
    rerun_when_checked(alerts_shown)
