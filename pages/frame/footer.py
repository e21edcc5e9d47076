"""The details at the end of each page: how long it took, and what its queries read."""

import time

import pandas as pd
import streamlit as st

from pages.answers import run_log
from pages.text.numbers import plural
from queries.text import listed
from queries.version import version


def footer() -> None:
    """Draw the page's queries, one click away."""
    log = run_log.current()
    seconds = time.perf_counter() - log.began
    table = pd.DataFrame(
        [(entry.name, entry.seconds * 1000, entry.source) for entry in log.entries],
        columns=["Query", "Milliseconds", "Read from"],
    )
    counts = table["Read from"].value_counts()
    read = listed([
        f"{counts[source]:,} read {source}"
        for source in (run_log.FROM_TOTALS, run_log.FROM_ROWS)
        if source in counts
    ])  # fmt: skip
    with st.popover("Details", icon=":material/timer:", key="timing"):
        st.caption(
            f"This page took {seconds:.2f} s and {plural(len(table), 'query', 'queries')}"
            f"{f': {read}' if read else ''}."
        )
        st.caption(
            "Totals are kept up to date by each import. Where they cannot answer a query, the "
            "rows are counted. The milliseconds are how long the page waited for the result: one "
            "that is cached, or was fetched ahead, is there at once."
        )
        st.caption(f"Voucher Explorer {version()}")
        st.dataframe(
            table,
            hide_index=True,
            column_config={"Milliseconds": st.column_config.NumberColumn(format="%.0f")},
            placeholder="",
            alt="The queries of this view, how long each took and what it read",
        )
