"""The chosen codes, one per row, and how they are found and sorted."""

import streamlit as st

from pages.answers.recording import codes_revealed
from pages.frame.pin import pin_button
from pages.tables.code_search import found_codes, search_box, searched_page
from pages.tables.columns import CODES
from pages.tables.open_rows import HIDDEN, RowOpener
from pages.tables.paging import pages, shown_sorts, sort_by_header, sort_controls
from pages.text.numbers import plural
from queries.filters import STATUS_WORDS, Filters
from queries.notebooks.pinning import Pin

SORTS = {
    "code": "Code",
    "group_name": "Group",
    "status": "Status",
    "scans": "Times used",
    "first_redeemed": "First redemption",
    "start_date": "Start",
    "expiry_date": "Expiry",
    "folder": "Folder",
    "batch": "Batch",
}


def codes(chosen: Filters) -> None:
    """Draw the rows of a choice and their controls."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = search_box()
        sorts = shown_sorts(SORTS)
        column, descending = sort_controls("codes", sorts, "start_date", down=True)
    found = found_codes(search, chosen, column, descending)
    if found is None:
        return
    if search:
        how = ", by its whole text" if found.whole else ""
        st.caption(f"{plural(found.codes, 'code')} found{how}")

    def rows(offset: int) -> None:
        codes_revealed("Codes")
        among, of, whole = found.among, found.codes, found.whole
        page = searched_page(among, search, column, descending, whole=whole, offset=offset, of=of)
        opener = RowOpener("rows_codes", page)
        st.dataframe(
            page.drop(columns=HIDDEN).assign(status=page["status"].map(STATUS_WORDS)),
            hide_index=True,
            column_config=CODES,
            placeholder="",
            alt="The chosen codes, one per row",
            key="rows_codes",
            on_select=lambda: opener.by_click(lambda: sort_by_header("codes", "rows_codes", sorts)),
            selection_mode=["single-row", "single-column"],
        )
        opener.by_keyboard()

    pages("codes_page", found.codes, rows, column, descending, search, chosen)
    # All codes of the filters: what was searched for may be a code.
    pin_button(Pin("chart", "codes", "codes_rows", "The codes", filters=chosen))
