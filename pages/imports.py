"""Imports: files in, and what each of them changed."""

import streamlit as st

from pages.parts import importing
from pages.parts.card import panel
from pages.parts.columns import IMPORTS
from pages.parts.fetch import fetch
from queries.filters import Filters

st.title("Imports", anchor=False)
held = fetch("held", Filters()).iloc[0]

with panel("Import files"):
    st.caption(
        "Codes and transactions as Voucher Manager exports them (CSV). A file that was imported "
        "before changes nothing; next week's export of the same group updates what it knows."
    )
    clear = importing.sample_choice(held)
    uploads = st.file_uploader(
        "Drop files here",
        type=["csv"],
        accept_multiple_files=True,
        key=importing.uploader_key(),
    )
    ready = [chosen for upload in uploads or [] if (chosen := importing.file_card(upload))]
    if ready and st.button(
        f"Import {len(ready)} file{'s' if len(ready) > 1 else ''}",
        type="primary",
        icon=":material/upload_file:",
        key="import",
    ):
        importing.run(ready, clear)
    importing.results()

with panel("History"):
    history = fetch("imports", Filters())
    if history.empty:
        st.caption("Nothing has been imported yet.")
    else:
        st.dataframe(
            history.assign(is_sample=history["is_sample"].map({True: "Yes", False: ""})),
            hide_index=True,
            column_config=IMPORTS,
            placeholder="",
            alt="The imports, the latest first",
            key="rows_imports",
        )
