"""Overview: what the chosen codes brought, and which group worked."""

import streamlit as st

from pages.charts.by_site import BY_SITE
from pages.charts.card import card, draw, panel
from pages.charts.cohort_panels import group_rates
from pages.charts.more_numbers import more_numbers, notes
from pages.charts.over_time import REDEMPTIONS
from pages.charts.over_time_panel import redemptions_over_time
from pages.charts.status import STATUS
from pages.charts.tiles import tiles
from pages.charts.uptake_by_group import UPTAKE_BY_GROUP
from pages.charts.weekday_hour import WEEKDAY_HOUR
from pages.frame.head import nothing_chosen, page_head

page_head("Overview")
numbers = tiles(with_curves=True, below=notes)
if not numbers["codes_issued"] and not numbers["redemptions"]:
    nothing_chosen()
more_numbers(numbers)

left, right = st.columns(2, gap="small")
with panel(UPTAKE_BY_GROUP.title, left):
    group_rates()
with panel("Redemptions over time", right):
    redemptions_over_time("Redemptions over time", REDEMPTIONS)

left, right = st.columns(2, gap="small")
card(BY_SITE, left)
with panel(WEEKDAY_HOUR.title, right):
    draw(WEEKDAY_HOUR)
    st.divider()
    st.subheader(STATUS.title, anchor=False)
    draw(STATUS)
