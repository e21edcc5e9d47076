"""Overview: what the chosen codes brought, and which group worked."""

import streamlit as st

from pages.parts import charts, readings, tables
from pages.parts.card import card, panel
from pages.parts.clicks import narrow, narrow_period
from pages.parts.fetch import fetch
from pages.parts.frame import nothing_chosen, page_head
from pages.parts.grain import over_time_controls
from pages.parts.state import chosen
from pages.parts.status import status_card
from pages.parts.tiles import more_numbers, notes, tiles
from pages.parts.words import DEFINITIONS

page_head("Overview")
numbers = tiles()
if not numbers["codes_issued"] and not numbers["redemptions"]:
    nothing_chosen()
notes(numbers)
more_numbers(numbers)

left, right = st.columns(2, gap="small")
with panel("Uptake by group", left):
    groups = fetch("uptake_by_group", chosen())
    card(
        "Uptake by group",
        "uptake_by_group",
        charts.uptake_by_group(groups),
        readings.uptake_by_group(groups),
        tables.uptake_by_group(groups),
        DEFINITIONS["Redemption rate"] + " " + DEFINITIONS["Redeemed codes"],
        on_click=narrow("group"),
    )
with panel("Redemptions over time", right):
    grain, shows_rate = over_time_controls()
    periods = fetch("over_time", chosen(), grain=grain)
    figure = charts.rate_over_time if shows_rate else charts.over_time
    card(
        "Redemptions over time",
        "over_time",
        figure(periods, grain),
        readings.rate_over_time(periods, grain)
        if shows_rate
        else readings.over_time(periods, grain),
        tables.over_time(periods),
        DEFINITIONS["Net redemptions"] + " " + DEFINITIONS["Cancelled"],
        on_click=narrow_period(grain),
        grain=grain,
    )

left, right = st.columns(2, gap="small")
with panel("By site", left):
    sites = fetch("by_site", chosen())
    card(
        "By site",
        "by_site",
        charts.by_site(tables.top_sites(sites)),
        readings.by_site(sites),
        tables.by_site(sites),
        "Redemptions at each site, the 20 with the most net redemptions apart and the others "
        "gathered. " + DEFINITIONS["Cancellation rate"],
        on_click=narrow("site"),
    )
with panel("By weekday and hour", right):
    hours = fetch("weekday_hour", chosen())
    card(
        "By weekday and hour",
        "weekday_hour",
        charts.weekday_hour(hours),
        readings.weekday_hour(hours),
        tables.weekday_hour(hours),
        "Net redemptions by the site's own clock. " + DEFINITIONS["Net redemptions"],
    )
    st.divider()
    st.subheader("Status of the codes", anchor=False)
    status_card()
