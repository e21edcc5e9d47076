"""The columns that SQL can use, with their definitions, beside the editor."""

import pandas as pd
import streamlit as st

from pages.text.numbers import plural
from queries.engine.sandbox.columns import columns


def columns_help(place: int) -> None:
    """Draw the columns of both tables, one per row."""
    rows = [
        {"Table": table, "Column": one.name, "Type": one.type.lower(), "What it is": one.definition}
        for table, described in columns().items()
        for one in described
    ]
    with st.expander(
        plural(len(rows), "column"), icon=":material/view_column:", key=f"cols_{place}"
    ):
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            height=280,
            placeholder="",
            alt="The columns that SQL can use, one per row",
        )
