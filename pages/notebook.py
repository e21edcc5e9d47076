"""A notebook: the analyst's own questions, with their numbers."""

import streamlit as st

from pages.cells.adding import add_cell, kinds_offered
from pages.cells.bar import notebook_bar
from pages.cells.conflict import show_conflict
from pages.cells.drawn_cells import draw_cells
from pages.cells.left_drafts import show_left_drafts
from pages.cells.none_opened import opened_or_stop
from pages.cells.opening import choose_own, differs, follow_filters
from pages.cells.running import running_of
from pages.cells.sql_cells import has_sql
from pages.cells.states import note_run, say_what_changed
from pages.cells.whole_page import rerun_for_editors
from pages.frame.head import page_head
from pages.frame.url_state import chosen, comparison
from pages.text.escape import escaped

known = opened_or_stop(st.query_params.get("name", ""))
follow_filters(known)
page_head(known.document.title or known.name)
if known.notice:
    st.warning(escaped(known.notice), icon=":material/info:")
show_conflict(known)
if known.may_change:
    show_left_drafts(known)
if differs(known):
    st.info("You see this notebook with another filter than it has.", icon=":material/filter_alt:")
    st.button("Its own filter", key="own_filter", on_click=lambda: choose_own(known))
in_force = [*chosen().to_query(), *(compared.to_query() if (compared := comparison()) else [])]
running = running_of(known, in_force)
say_what_changed(running)
notebook_bar(running)
draw_cells(running)
note_run(running)
if known.may_change:
    add_cell(known, kinds_offered(has_sql=has_sql()))
    if known.editing is not None:
        rerun_for_editors()
