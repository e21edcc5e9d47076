"""Batches: most recent first, each with what became of it."""

import pandas as pd
import streamlit as st

from pages.parts import tables
from pages.parts.card import panel
from pages.parts.columns import BATCHES
from pages.parts.download import export_url, table_buttons
from pages.parts.fetch import fetch
from pages.parts.frame import nothing_chosen, page_head
from pages.parts.paging import pages
from pages.parts.state import choose, chosen
from pages.parts.tiles import tiles
from pages.parts.words import plural
from queries.paging import PAGE


def choose_batch(shown: pd.DataFrame) -> None:
    rows = st.session_state["rows_batches"]["selection"]["rows"]
    if rows:
        choose(chosen().with_("batch", (str(shown["batch"][rows[0]]),)))


page_head("Batches")
numbers = tiles()
if not numbers["codes_issued"]:
    nothing_chosen()
filters = chosen()
found = int(fetch("batches_found", filters)["batches"][0])

with panel("Batches"):
    st.caption(
        f"{plural(found, 'batch').replace('batchs', 'batches')}, the most recently imported "
        "first. Select a row to narrow everything to its batch."
    )

    def rows(offset: int) -> None:
        shown = fetch("batches", filters, offset=offset, most=PAGE)
        links = [export_url("codes", filters.with_("batch", (b,))) for b in shown["batch"]]
        st.dataframe(
            shown.assign(download=links),
            hide_index=True,
            column_config=BATCHES,
            placeholder="",
            alt="The chosen batches, one per row",
            key="rows_batches",
            on_select=lambda: choose_batch(shown),
            selection_mode="single-row",
        )

    def everything() -> pd.DataFrame:
        return tables.batches(fetch("batches", filters, offset=0, most=found))

    pages("batches_page", found, rows)
    st.caption("The whole table as a file, without the curves")
    table_buttons("batches", everything)
