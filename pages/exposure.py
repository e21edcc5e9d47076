"""Exposure: the codes that can still be redeemed, when they expire, and how many will come."""

import streamlit as st

from pages.answers.fetch import fetch
from pages.charts.card import card, draw, panel
from pages.charts.exposure import EXPOSURE
from pages.charts.exposure_backtest import BACKTEST, BACKTEST_BATCHES
from pages.charts.exposure_numbers import exposure_numbers, none_outstanding
from pages.charts.last_stretch import LAST_STRETCH
from pages.charts.outlook import outlook
from pages.charts.tiles import tiles
from pages.frame.head import nothing_chosen, page_head
from pages.frame.url_state import chosen

page_head("Exposure")
numbers = tiles(("Codes issued", "Redeemed codes", "Outstanding"))
if not numbers["codes_issued"]:
    nothing_chosen(redemptions=int(numbers["redemptions"]))
ahead = outlook(fetch("exposure", chosen()))
if not ahead.outstanding:
    none_outstanding()
exposure_numbers(ahead)

card(EXPOSURE)
left, right = st.columns(2, gap="small")
card(LAST_STRETCH, left)
with panel(BACKTEST.title, right):
    draw(BACKTEST)
    with st.expander(BACKTEST_BATCHES.title):
        draw(BACKTEST_BATCHES)
