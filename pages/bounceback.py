"""Bounceback: which codes brought guests back, how often, and how soon."""

import streamlit as st

from pages.answers.fetch import fetch
from pages.charts.bounceback import BOUNCEBACK
from pages.charts.bounceback_chains import CHAINS
from pages.charts.bounceback_numbers import bounceback_numbers, no_bounceback
from pages.charts.bounceback_rows import of_all
from pages.charts.bounceback_triggers import TRIGGERS
from pages.charts.card import card
from pages.charts.cohort_notes import scope_note
from pages.charts.parent_checks import parent_checks
from pages.charts.tiles import tiles
from pages.frame.comparing import PERIOD
from pages.frame.head import nothing_chosen, page_head
from pages.frame.url_state import chosen

page_head("Bounceback")
children = of_all(fetch("bounceback", chosen()))
if not children["children"]:
    numbers = tiles(("Codes issued", "Redeemed codes", "Outstanding"))
    if not numbers["codes_issued"]:
        nothing_chosen(redemptions=int(numbers["redemptions"]))
    no_bounceback(int(numbers["codes_issued"]))
bounceback_numbers(children)
scope_note("at any site", PERIOD)  # the end of the period is the moment

card(BOUNCEBACK)
left, right = st.columns(2, gap="small")
card(TRIGGERS, left)
card(CHAINS, right)
parent_checks()
