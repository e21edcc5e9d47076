"""All numbers of both sides of a comparison, as a table: what a compare cell brings."""

import pandas as pd
import streamlit as st

from pages.answers.compare import compare
from pages.frame.comparing import names
from pages.frame.place import keyed
from pages.frame.url_state import chosen
from pages.text.escape import visible
from queries.filters import Filters
from queries.notebooks.written import signed, written


def compared_table(second: Filters) -> None:
    """Draw the numbers of the choice in force and of the second one, one click away."""
    short = names(second)
    with st.popover("Table", icon=":material/table:", key=keyed("compared")):
        st.dataframe(
            in_words(compare(chosen(), second), visible(short.a), visible(short.b)),
            hide_index=True,
            width=640,
            placeholder="",
            alt="The numbers of both sides, one per row",
        )


def in_words(frame: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """One row per number, as the pages write it."""
    rows = frame.to_dict("records")
    low_high = [
        f"{signed(row['number'], row['low'])} to {signed(row['number'], row['high'])}"
        if pd.notna(row["low"])
        else ""
        for row in rows
    ]
    return pd.DataFrame(
        {
            "Number": [row["number"].replace("_", " ").capitalize() for row in rows],
            a: [written(row["number"], row["a"]) for row in rows],
            b: [written(row["number"], row["b"]) for row in rows],
            "Difference": [signed(row["number"], row["difference"]) for row in rows],
            "Interval of 95%": low_high,
        }
    )
