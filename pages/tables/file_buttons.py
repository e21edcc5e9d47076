"""Buttons that save a table that is shown as a file."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from pages.answers.run_log import today
from pages.frame.url_state import chosen
from queries.downloading.formats import FORMATS
from queries.downloading.names import file_name
from queries.downloading.write import table_file


def file_buttons(name: str, table: Callable[[], pd.DataFrame]) -> None:
    """One button per format; the file is written when it is clicked."""
    with st.container(horizontal=True, gap="small"):
        for form, kind in FORMATS.items():
            st.download_button(
                kind.label,
                partial(_file, table, form),
                file_name=file_name(name, chosen(), today(), form),
                mime=kind.media_type,
                icon=":material/download:",
                key=f"{form}_{name}",
                on_click="ignore",
            )


def _file(table: Callable[[], pd.DataFrame], form: str) -> bytes:
    return table_file(table(), form)
