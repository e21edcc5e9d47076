"""The chosen redemptions, one per row, and how they are sorted."""

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.recording import codes_revealed
from pages.frame.pin import pin_button
from pages.tables.columns import TRANSACTIONS
from pages.tables.open_rows import HIDDEN, RowOpener
from pages.tables.paging import pages, shown_sorts, sort_by_header, sort_controls
from queries.filters import Filters
from queries.notebooks.pinning import Pin

SORTS = {
    "time": "Time",
    "code": "Code",
    "group_name": "Group",
    "site_ref": "Site",
    "campaign_id": "Campaign",
    "cancelled": "Cancelled",
}
YES_NO = {True: "Yes", False: "No"}


def redemptions(chosen: Filters) -> None:
    """Draw the rows of a choice and their controls."""
    count = int(fetch("numbers", chosen)["redemptions"][0])
    sorts = shown_sorts(SORTS)
    column, descending = sort_controls("transactions", sorts, "time", down=True)

    def rows(offset: int) -> None:
        codes_revealed("Transactions")
        page: pd.DataFrame = fetch(
            "transactions_rows",
            chosen,
            sort=column,
            descending=descending,
            offset=offset,
            of=count if offset else None,  # so that the first page can be fetched ahead
        )
        opener = RowOpener("rows_transactions", page)
        st.dataframe(
            page.drop(columns=HIDDEN).assign(
                cancelled=page["cancelled"].map(YES_NO),
                code_deleted=page["code_deleted"].map(YES_NO),
            ),
            hide_index=True,
            column_config=TRANSACTIONS,
            placeholder="",
            alt="The chosen redemptions, one per row",
            key="rows_transactions",
            on_select=lambda: opener.by_click(
                lambda: sort_by_header("transactions", "rows_transactions", sorts)
            ),
            selection_mode=["single-row", "single-column"],
        )
        opener.by_keyboard()

    pages("transactions_page", count, rows, column, descending, chosen)
    pin_button(Pin("chart", "redemptions", "transactions_rows", "The redemptions", filters=chosen))
