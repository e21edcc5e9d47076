"""The verdicts on a list as a file: its columns, and the links to it."""

import pandas as pd
import streamlit as st

from pages.checking.as_filter import without_itself
from pages.frame.url_state import chosen
from pages.people.current import person
from pages.people.lists import KeptList
from pages.people.person import Right
from pages.text.addresses import list_url
from queries.checking.check import Checked
from queries.downloading.formats import FORMATS

LABELS = {
    "line": "Line",
    "code": "Code",
    "verdict": "Verdict",
    "group_name": "Group",
    "redeemed_at": "Redeemed",
    "site": "Site",
    "near_miss": "Near miss",
    "difference": "Difference",
    "doubled": "Doubled",
    "first_line": "First on line",
}


def table(checked: Checked) -> pd.DataFrame:
    """One row per line of the list, in its order."""
    frame: pd.DataFrame = checked.rows.select(list(LABELS)).to_pandas()
    return frame.rename(columns=LABELS)


def list_file_buttons(kept: KeptList) -> None:
    """One link per format, to the route that checks the list again and writes its file."""
    if not person().may(Right.DOWNLOAD_ROWS):
        return
    with st.container(horizontal=True, gap="small"):
        for form, kind in FORMATS.items():
            st.link_button(
                kind.label,
                list_url(kept.key, without_itself(chosen(), kept), form),
                icon=":material/download:",
                key=f"{form}_of_list",
            )
