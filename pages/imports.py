"""Imports: files in, what each of them changed, and the way back."""

import streamlit as st

from data.store import settings
from pages.parts import importing
from pages.parts.card import panel
from pages.parts.fetch import fetch
from pages.parts.history import history
from queries.filters import Filters

st.title("Imports", anchor=False)
held = fetch("held", Filters()).iloc[0]
begun = importing.job()

with panel("Import files"):
    if begun and not begun.is_done:
        importing.running(begun)
        st.stop()
    st.caption(
        "Codes and transactions as Voucher Manager exports them (CSV). A file that was imported "
        "before changes nothing; next week's export of the same group updates what it knows. "
        f"Large files can be put into the inbox instead: {settings.inbox_folder().name}/."
    )
    clear = importing.sample_choice(held)
    uploads = st.file_uploader(
        "Drop files here",
        type=["csv"],
        accept_multiple_files=True,
        key=importing.uploader_key(),
    )
    importing.forget_others(uploads or [])
    cards = [importing.upload_card(upload) for upload in uploads or []]
    ready = [card for card in cards if card] + importing.inbox_cards()
    if ready and st.button(
        f"Import {len(ready)} file{'s' if len(ready) > 1 else ''}",
        type="primary",
        icon=":material/upload_file:",
        key="import",
    ):
        importing.start(ready, clear)
    if begun:
        importing.results(begun)

with panel("History"):
    found = fetch("imports", Filters())
    if found.empty:
        st.caption("Nothing has been imported yet.")
    else:
        history(found)
