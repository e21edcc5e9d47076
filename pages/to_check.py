"""To check: what does not fit, how often, and what would be innocent."""

import streamlit as st

from pages.charts.card import card, panel
from pages.charts.funnel import FUNNEL
from pages.charts.tiles import tiles
from pages.checks.every_check import every_check
from pages.checks.found_rows import found_rows
from pages.checks.thresholds import thresholds
from pages.frame.head import nothing_chosen, page_head
from pages.frame.scopes import of_period
from pages.tables.checks import BY_NAME
from pages.text.escape import escaped

page_head("To check")
numbers = tiles(("Codes issued", "Net redemptions", "Cancelled"))
if not numbers["codes_issued"] and not numbers["redemptions"]:
    nothing_chosen()

with panel("What is worth a look"):
    st.caption(
        escaped(f"Codes: all time, by all of their redemptions; redemptions: {of_period()}.")
    )
    of = thresholds()
    counts, selected = every_check(of)

if selected is not None:
    check = BY_NAME[selected]
    with panel(check.title):
        found_rows(check, counts[selected], of)

card(FUNNEL)
