"""Batches: most recent first, each with what became of it."""

import streamlit as st

from pages.answers.fetch import fetch
from pages.charts.card import panel
from pages.charts.cohort_panels import same_age
from pages.charts.tiles import tiles
from pages.frame.head import nothing_chosen, page_head
from pages.frame.pin import pin_button
from pages.frame.scopes import of_period
from pages.frame.url_state import chosen
from pages.tables.batches import ALL_BATCHES, PIN, rows
from pages.tables.file_buttons import file_buttons
from pages.tables.paging import pages
from pages.text.numbers import plural

page_head("Batches")
numbers = tiles()
if not numbers["codes_issued"]:
    nothing_chosen(redemptions=int(numbers["redemptions"]))
count = int(fetch("batches_found", chosen())["batches"][0])

with panel("Compared at the same age"):
    same_age()

with panel("Batches"):
    st.caption(
        f"{plural(count, 'batch', 'batches')}, the most recently imported "
        "first. Select a row to narrow everything to its batch. "
        f"Codes: all time; redemptions: {of_period()}."
    )
    pages("batches_page", count, rows)
    st.caption("The whole table as a file, without the curves")
    file_buttons(ALL_BATCHES)
    pin_button(PIN)
