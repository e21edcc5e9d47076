"""How long a view took, and what answered it."""

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from pages.parts.words import plural
from queries.filters import Filters

KEY = "_timing"
KEPT = "kept totals"
COUNTED = "the rows themselves"


class Answered(NamedTuple):
    """A question of a page, and how long the page waited for its answer."""

    name: str
    filters: Filters
    values: tuple[tuple[str, Any], ...]
    seconds: float
    answered_by: str


@dataclass
class Timing:
    """What one run of a page asked, and at which moment it judges all answers."""

    moment: datetime = field(default_factory=lambda: _this_minute())
    began: float = field(default_factory=time.perf_counter)
    questions: list[Answered] = field(default_factory=list)


def begin() -> None:
    """A run of a page begins."""
    st.session_state[KEY] = Timing()


def now() -> datetime:
    """The minute in which the page began: the dates of Voucher Manager know no seconds.

    Also for the parts that are drawn anew alone, or they would not fit the rest.
    """
    timing: Timing = st.session_state.get(KEY) or Timing()
    return timing.moment


def today() -> date:
    """The day on which the page began."""
    return now().date()


def _this_minute() -> datetime:
    return datetime.now().replace(second=0, microsecond=0)


def asked(question: Answered) -> None:
    """A question has been answered."""
    if timing := st.session_state.get(KEY):
        timing.questions.append(question)


def all_asked() -> list[Answered]:
    """What this run has asked so far."""
    timing: Timing = st.session_state[KEY]
    return timing.questions


def footer() -> None:
    """Say at the end of the page how long it took."""
    timing: Timing = st.session_state[KEY]
    seconds = time.perf_counter() - timing.began
    table = pd.DataFrame(
        [(one.name, one.seconds * 1000, one.answered_by) for one in timing.questions],
        columns=["Question", "Milliseconds", "Answered by"],
    )
    by = table["Answered by"].value_counts()
    said = [f"{by[how]:,} answered by {how}" for how in (KEPT, COUNTED) if how in by]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"This view took {seconds:.2f} s: {plural(len(table), 'question')}"
            + (f", {', '.join(said)}." if said else ".")
        )
        with st.popover("Details", icon=":material/timer:", key="timing"):
            st.caption(
                "Kept totals are made with each import, together with its rows. Where they "
                "cannot answer, the rows are counted. The milliseconds are those that the page "
                "waited: what was asked before, or ahead, is at hand."
            )
            st.dataframe(
                table,
                hide_index=True,
                column_config={"Milliseconds": st.column_config.NumberColumn(format="%.0f")},
                placeholder="",
                alt="The questions of this view, how long each took and what answered it",
            )
