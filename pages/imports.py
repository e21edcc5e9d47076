"""Imports: files to import, what each import changed, and taking one back."""

import streamlit as st

from data.store.names import shown
from data.store.settings import inbox_folder
from pages.answers.fetch import fetch
from pages.cells.alert_badges import alerts_of_notebooks
from pages.charts.card import panel
from pages.frame.heading import heading
from pages.importing import job, offered, uploads
from pages.importing.begin import begin
from pages.importing.history import history
from pages.importing.refusals import refusals
from pages.importing.results import results
from pages.importing.sample import sample_choice
from pages.importing.table import scope_table
from pages.people.current import person
from pages.people.person import Right
from pages.text.escape import escaped
from queries.filters import Filters

heading("Imports")
held = fetch("held", Filters()).iloc[0]
latest = job.latest_job()
alerts_of_notebooks()

if person().may(Right.IMPORT):
    with panel("Import files"):
        if latest and not latest.is_done:
            job.running(latest)
            st.stop()
        st.caption(
            "Codes and transactions as Voucher Manager exports them (CSV). A file that was "
            "imported before changes nothing; next week's export of the same group updates what "
            "it knows. "
            f"Large files can be put into the inbox instead: {escaped(shown(str(inbox_folder())))}"
        )
        clear = sample_choice(held)
        dropped = st.file_uploader(
            "Drop files here",
            type=["csv"],
            accept_multiple_files=True,
            key=uploads.key_for_now("uploads"),
        )
        uploads.delete_others(dropped)
        files = offered.dropped(dropped) + offered.ticked()
        found = offered.previews(files)
        ready = scope_table(files, found)
        refusals(files, found)
        begin(ready, found, clear)
        if latest:
            results(latest)

with panel("History"):
    imports = fetch("imports", Filters())
    if imports.empty:
        st.caption("Nothing has been imported yet.")
    else:
        history(imports)
