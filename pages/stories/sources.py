"""Which imports brought and changed a code."""

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from pages.people.current import person
from pages.stories.subject import Subject
from pages.tables.columns import SOURCES
from pages.text.addresses import view_url

WORDS = {
    "new codes": "brought the code",
    "new transactions": "brought redemptions",
    "newly redeemed": "newly redeemed",
    "newly cancelled": "a redemption newly cancelled",
    "new dates": "changed its dates",
    "changed": "other changes",
    "gone": "gone since the last export of the same scope",
    "back": "back after it was gone",
}


def sources(subject: Subject) -> None:
    """Draw the imports, each with what it did to the code."""
    found = fetch("code_imports", subject.rows.among, **subject.values, stored=subject.rows.stored)
    rows = table(found)
    if person().may_open("imports"):
        rows = rows.assign(page=[view_url(f"/imports?selected={n}") for n in rows["import_id"]])
    st.caption("The imports that brought or changed the code or its redemptions, oldest first.")
    st.dataframe(
        rows,
        hide_index=True,
        column_config=SOURCES,
        placeholder="",
        alt="The imports that brought or changed the code",
        key="rows_sources",
    )


@memoized
def table(found: pd.DataFrame) -> pd.DataFrame:
    """One row per import, with all that it did in words."""
    told = found.assign(change=found["change"].map(WORDS))
    by = ["import_id", "imported_at", "file"]
    return told.groupby(by, sort=False)["change"].agg(", ".join).reset_index()
