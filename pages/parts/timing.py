"""How long a view took, and what answered it."""

import time
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from pages.parts.words import plural

KEY = "_timing"
AT_HAND = "at hand"
KEPT = "kept totals"
COUNTED = "the rows themselves"


@dataclass
class Timing:
    """What one run of a page asked."""

    began: float = field(default_factory=time.perf_counter)
    questions: list[tuple[str, float, str]] = field(default_factory=list)


def begin() -> None:
    """A run of a page begins."""
    st.session_state[KEY] = Timing()


def asked(name: str, began: float, answered_by: str) -> None:
    """A question has been answered."""
    if timing := st.session_state.get(KEY):
        milliseconds = (time.perf_counter() - began) * 1000
        timing.questions.append((name, milliseconds, answered_by))


def footer() -> None:
    """Say at the end of the page how long it took."""
    timing: Timing = st.session_state[KEY]
    seconds = time.perf_counter() - timing.began
    table = pd.DataFrame(timing.questions, columns=["Question", "Milliseconds", "Answered by"])
    by = table["Answered by"].value_counts()
    said = [f"{by[how]:,} by {how}" for how in (KEPT, COUNTED) if how in by]
    said += [f"{by[AT_HAND]:,} were at hand"] if AT_HAND in by else []
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"This view took {seconds:.2f} s: {plural(len(table), 'question')}"
            + (f", {', '.join(said)}." if said else ".")
        )
        with st.popover("Details", icon=":material/timer:", key="timing"):
            st.caption(
                "Kept totals are made with each import, together with its rows. Where they "
                "cannot answer, the rows are counted; what was asked before is at hand."
            )
            st.dataframe(
                table,
                hide_index=True,
                column_config={"Milliseconds": st.column_config.NumberColumn(format="%.0f")},
                placeholder="",
                alt="The questions of this view, how long each took and what answered it",
            )
