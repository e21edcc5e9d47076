"""What one check finds, row by row, and as a file."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.recording import codes_revealed
from pages.checks.thresholds import Thresholds
from pages.downloading.buttons import MASKED, NO_FILES
from pages.frame.pin import pin_button
from pages.frame.url_state import chosen
from pages.people.current import person
from pages.people.person import Right
from pages.tables.checks import Check
from pages.tables.columns import TO_CHECK
from pages.tables.open_rows import RowOpener
from pages.tables.paging import pages
from pages.text.addresses import checks_url
from pages.text.numbers import plural
from queries.downloading.formats import EXCEL_ROWS, FORMATS
from queries.notebooks.pinning import Pin


def found_rows(check: Check, count: int, thresholds: Thresholds) -> None:
    """Draw the rows of a check, by page, with what they mean and their files."""
    st.caption(check.meaning)
    st.caption(f"What would be innocent: {check.innocent}")
    if not count:
        st.success("Nothing was found among the chosen codes.", icon=":material/check_circle:")
        pin_button(pin_of(check, thresholds))
        return
    _files(check, count, thresholds)

    def rows(offset: int) -> None:
        codes_revealed("To check")
        page: pd.DataFrame = fetch(
            "to_check_rows",
            chosen(),
            check=check.name,
            sort=check.sort,
            descending=check.descending,
            offset=offset,
            of=count,
            **thresholds,
        )
        table: dict[str, Any] = {
            "data": shown(check, page),
            "hide_index": True,
            "column_config": TO_CHECK,
            "placeholder": "",
            "alt": f"{check.title}, one {check.one} per row",
            "key": f"rows_of_{check.name}",
        }
        if check.one == "site":
            st.dataframe(**table)
            return
        opener = RowOpener(table["key"], page)
        st.dataframe(**table, on_select=opener.by_click, selection_mode="single-row")
        opener.by_keyboard()

    pages("to_check_page", count, rows, check.name, thresholds, chosen())
    pin_button(pin_of(check, thresholds))


def pin_of(check: Check, thresholds: Thresholds) -> Pin:
    """The cell with what a check finds."""
    values = {"check": check.name, **thresholds}
    return Pin("chart", check.name, "to_check_rows", check.title, values)


def shown(check: Check, page: pd.DataFrame) -> pd.DataFrame:
    """The columns that the check has values for, rates in percent."""
    rates = {name: page[name] * 100 for name in ("cancellation_rate", "rate_of_all")}
    return page.assign(**rates)[list(check.columns)]


def _files(check: Check, count: int, thresholds: Thresholds) -> None:
    if not person().may(Right.DOWNLOAD_ROWS):
        st.caption(NO_FILES)
        return
    if count > EXCEL_ROWS:
        st.caption(f"A file of these rows has {EXCEL_ROWS:,} at most: narrow the filters.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for form, kind in FORMATS.items():
            st.link_button(
                f"{kind.label} of {plural(count, 'row')}" if form == "csv" else kind.label,
                checks_url(check.name, chosen(), form, thresholds),
                icon=":material/download:",
                key=f"{form}_of_check",
            )
    if person().access.masked:
        st.caption(MASKED)
