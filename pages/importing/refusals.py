"""The offered files that cannot be stored: why, and how else they may be read."""

import streamlit as st

from data.importing.input_file import ENCODINGS, UTF8
from data.importing.preview import Preview
from data.store.errors import Refused
from pages.importing.offered import OfferedFile
from pages.text.escape import escaped


def refusals(files: list[OfferedFile], found: dict[str, Preview | Refused]) -> None:
    """Say why files cannot be stored, and offer another encoding to those that need it."""
    for file in files:
        seen = found[file.key]
        if isinstance(seen, Refused):
            st.error(
                f"{escaped(str(seen))} Nothing of this file is stored.",
                title=escaped(file.name),
                icon=":material/block:",
            )
        if file.encoding != UTF8 or (isinstance(seen, Refused) and seen.maybe_windows):
            st.segmented_control(
                f"How is {escaped(file.name)} written?",
                ENCODINGS,
                default=file.encoding,
                required=True,
                format_func=str.upper,
                key=f"encoding_{file.key}",
                help="Choose Windows-1252 and see whether the names of the groups look right.",
            )
