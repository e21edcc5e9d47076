"""Since last Monday: what the imports since a day, or since one of them, have changed."""

import streamlit as st

from pages.answers.fetch import fetch
from pages.charts.card import card, panel
from pages.charts.since import HEADINGS, by_heading, since_chart, since_tiles
from pages.frame.fragments import fragment
from pages.frame.head import page_head
from pages.frame.since_window import choose_window
from pages.frame.url_state import chosen
from pages.tables.since import codes_since, imports_since

page_head("Since last Monday")
window = choose_window()
frame = fetch("since", chosen(), **window.values)
imports_since(window)
since_tiles(frame, window)
if chosen().narrows_redemptions():
    st.caption(
        "Campaign, site, period and cancelled choose redemptions: the codes below are the same "
        "without them."
    )
if frame.empty:
    st.info(
        "Nothing has changed for the chosen codes: choose an earlier day or import above, or "
        "remove filters. Files that were imported before change nothing.",
        icon=":material/update_disabled:",
    )
    st.stop()
card(since_chart(window))
with panel("The codes"):
    counts = by_heading(frame)
    labels = {heading: words.label for heading, words in HEADINGS.items()}
    fragment(lambda: codes_since(window, counts, labels))
