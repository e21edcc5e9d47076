"""Links that save a table on the screen as a file."""

import streamlit as st

from pages.frame.place import keyed
from pages.frame.url_state import chosen
from pages.tables.table_files import TableFile, parameters_of
from pages.text.addresses import table_url
from queries.downloading.formats import FORMATS
from queries.filters import Filters


def file_buttons(file: TableFile, second: Filters | None = None) -> None:
    """One link per format, to the route that writes the whole table.

    It is that of the filters in force, or of the second choice of a comparison.
    """
    filters, side = (chosen(), "") if second is None else (second, "_b")
    with st.container(horizontal=True, gap="small"):
        for form, kind in FORMATS.items():
            st.link_button(
                kind.label,
                table_url(file.key, filters, form, parameters_of(file)),
                icon=":material/download:",
                key=keyed(f"{form}_{file.key}{side}"),
            )
