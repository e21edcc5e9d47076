"""A code: what it is, what happened to it, what came of it, and which files had it."""

import streamlit as st

from pages.answers.recording import codes_revealed
from pages.charts.card import panel
from pages.downloading.leak_search import leak_search
from pages.frame.code_page import KEY, code_of_address
from pages.frame.heading import heading
from pages.frame.view_state import keep
from pages.people.current import person
from pages.stories.children import children
from pages.stories.events import story
from pages.stories.facts import facts, title
from pages.stories.sources import sources
from pages.stories.subject import subject
from pages.stories.suspicions import suspicions

heading("A code")
name = code_of_address()
about = subject(name) if name else None
if name is None or about is None:
    st.info(
        "This address leads to no code, or not any more. Search for the code again, above or on "
        "the Codes page: addresses of codes work for one person, until the app restarts.",
        icon=":material/search_off:",
    )
    st.stop()
key = st.query_params[KEY]
keep(KEY, "", [key], key="code_key")
codes_revealed("A code")
title(about)

left, right = st.columns([2, 3], gap="small")
with panel("What it is", left):
    facts(about)
with panel("Its story", right):
    story(about)
with panel("What is worth a look"):
    suspicions(about)
with panel("Codes that it issued"):
    children(about)
if not person().access.is_limited:
    with panel("Imports"):
        sources(about)
if person().may_trace():
    with panel("Downloads that held it"):
        st.caption(
            "The filters of each download are applied again to the data of its time, from the "
            "kept files; that takes about as long as importing them did."
        )
        if st.button("Look which downloads held it", icon=":material/search:", key="trace_code"):
            leak_search(name.code)
