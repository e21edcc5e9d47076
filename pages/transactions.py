"""Transactions: how many redemptions were cancelled, and the redemptions one by one."""

from functools import partial

import streamlit as st

from pages.charts.cancellations import DEFINITION, cancellations_by
from pages.charts.card import card, panel
from pages.charts.over_time_panel import redemptions_over_time
from pages.charts.tiles import tiles
from pages.downloading.buttons import download_button
from pages.frame.fragments import fragment
from pages.frame.head import nothing_chosen, page_head
from pages.tables.choice_of_rows import choice_of_rows
from pages.tables.redemptions import redemptions

page_head("Transactions")
numbers = tiles(("Net redemptions", "Cancelled", "Cancellation rate"))
if not numbers["redemptions"]:
    nothing_chosen(int(numbers["codes_issued"]))
filters = choice_of_rows()
download_button("transactions", filters)

left, right = st.columns(2, gap="small")
with panel("Cancellation rate over time", left):
    redemptions_over_time("Cancellation rate over time", DEFINITION, rate_first=True)
card(cancellations_by("site"), right)
card(cancellations_by("group"), left)
card(cancellations_by("campaign"), right)

with panel("The redemptions"):
    fragment(partial(redemptions, filters))
