"""Check a list: what has become of codes that somebody brings, and what unknown ones may be."""

from functools import partial

import streamlit as st

from pages.charts.card import panel
from pages.checking.as_filter import use_as_filter
from pages.checking.bring import bring_a_list, choose_column, shown_list
from pages.checking.job import forget_job, job_of, running
from pages.checking.verdicts import definition, rows, summary, tiles
from pages.frame.fragments import fragment
from pages.frame.head import page_head
from pages.people.current import require
from pages.people.person import Right
from pages.text.escape import escaped

require(Right.FIND_CODES)
require(Right.SEE_CODES)
page_head("Check a list")

with panel("Your list"):
    bring_a_list()
    kept = shown_list()
if kept is None:
    st.info(
        "Bring a list above, and each code gets a verdict: redeemed, when and where, not redeemed, "
        "cancelled only, expired, scheduled, deleted, or unknown and what it may have been.",
        icon=":material/checklist:",
    )
    st.stop()

job = job_of(kept)
if not job.is_done:
    running(job)
    st.stop()
choose_column(kept)
if job.checked is None:
    st.warning(escaped(job.problem), icon=":material/error:")
    st.button("Check it again", icon=":material/refresh:", key="check_again", on_click=forget_job)
    st.stop()

tiles(kept, job.checked)
summary(job.checked, job.filters)
use_as_filter(kept)
with panel("The lines"):
    fragment(partial(rows, kept, job.checked))
definition()
