"""The line at the end of each page: how long it took, and what answered it."""

import time

import pandas as pd
import streamlit as st

from pages.answers import run_log
from pages.text.numbers import plural
from queries.version import version


def footer() -> None:
    """Draw the line, with the page's queries one click away."""
    log = run_log.current()
    seconds = time.perf_counter() - log.began
    table = pd.DataFrame(
        [(entry.name, entry.seconds * 1000, entry.source) for entry in log.entries],
        columns=["Question", "Milliseconds", "Answered by"],
    )
    counts = table["Answered by"].value_counts()
    parts = [
        f"{counts[source]:,} answered by {source}"
        for source in (run_log.FROM_TOTALS, run_log.FROM_ROWS)
        if source in counts
    ]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"This view took {seconds:.2f} s: {plural(len(table), 'question')}"
            + (f", {', '.join(parts)}." if parts else ".")
        )
        with st.popover("Details", icon=":material/timer:", key="timing"):
            st.caption(
                "Kept totals are made with each import, together with its rows. Where they "
                "cannot answer, the rows are counted. The milliseconds are those that the page "
                "waited: what was asked before, or ahead, is at hand."
            )
            st.caption(f"Voucher Explorer {version()}")
            st.dataframe(
                table,
                hide_index=True,
                column_config={"Milliseconds": st.column_config.NumberColumn(format="%.0f")},
                placeholder="",
                alt="The questions of this view, how long each took and what answered it",
            )
