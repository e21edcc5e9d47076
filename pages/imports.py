"""Imports: files to import, what each import changed, and taking one back."""

import streamlit as st

from data.store.settings import inbox_folder
from pages.answers.fetch import fetch
from pages.charts.card import panel
from pages.frame.data_until import show_data_until
from pages.importing import cards, files, job
from pages.importing.history import history
from pages.people.current import person
from pages.people.person import Right
from queries.filters import Filters

st.title("Imports", anchor=False)
show_data_until()
held = fetch("held", Filters()).iloc[0]
latest = job.latest_job()

if person().may(Right.IMPORT):
    with panel("Import files"):
        if latest and not latest.is_done:
            job.running(latest)
            st.stop()
        st.caption(
            "Codes and transactions as Voucher Manager exports them (CSV). A file that was "
            "imported before changes nothing; next week's export of the same group updates what "
            "it knows. "
            f"Large files can be put into the inbox instead: {inbox_folder().name}/."
        )
        clear = cards.sample_choice(held)
        uploads = st.file_uploader(
            "Drop files here",
            type=["csv"],
            accept_multiple_files=True,
            key=files.uploader_key(),
        )
        files.delete_others(uploads or [])
        found = [cards.upload_card(upload) for upload in uploads or []]
        ready = [file for file in found if file] + cards.inbox_cards()
        if ready and st.button(
            f"Import {len(ready)} file{'s' if len(ready) > 1 else ''}",
            type="primary",
            icon=":material/upload_file:",
            key="import",
        ):
            job.start(ready, clear)
        if latest:
            job.results(latest)

with panel("History"):
    imports = fetch("imports", Filters())
    if imports.empty:
        st.caption("Nothing has been imported yet.")
    else:
        history(imports)
