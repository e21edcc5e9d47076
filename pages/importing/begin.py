"""The last question about the offered files, and the button that imports them."""

import streamlit as st

from data.importing.preview import Preview
from data.store.errors import Refused
from pages.importing import job
from pages.importing.exported import ask_exported_at
from pages.text.numbers import plural


def begin(ready: list[job.ReadyFile], found: dict[str, Preview | Refused], clear: bool) -> None:
    """Ask when the files were exported, and import those that can be stored at a click."""
    if not ready:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        exported_at = ask_exported_at(found.values())
        is_wanted = st.button(
            f"Import {plural(len(ready), 'file')}",
            type="primary",
            icon=":material/upload_file:",
            key="import",
        )
    if is_wanted:
        job.start(ready, exported_at, clear)
