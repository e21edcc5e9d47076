"""Codes: what has become of the chosen codes, one by one."""

from functools import partial

import streamlit as st

from pages.charts.card import card, panel
from pages.charts.status import STATUS
from pages.charts.tiles import tiles
from pages.downloading.buttons import download_button
from pages.frame.fragments import fragment
from pages.frame.head import nothing_chosen, page_head
from pages.tables.choice_of_rows import choice_of_rows
from pages.tables.code_search import is_searched
from pages.tables.codes import codes

page_head("Codes")
numbers = tiles(("Codes issued", "Redeemed codes", "Redemption rate", "Outstanding"))
if not numbers["codes_issued"]:
    nothing_chosen(redemptions=int(numbers["redemptions"]))
filters = choice_of_rows()
download_button("codes", filters)
if filters.narrows_redemptions():
    st.caption(
        "Campaign, site, period and cancelled choose redemptions: the codes below, and those of "
        "the file, are the same without them."
    )

# What somebody searches for comes first.
place_of_rows, place_of_chart = st.container(), st.container()
if not is_searched():
    place_of_rows, place_of_chart = place_of_chart, place_of_rows
card(STATUS, place_of_chart)
with panel("The codes", place_of_rows):
    fragment(partial(codes, filters))
