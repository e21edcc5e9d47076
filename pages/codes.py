"""Codes: what has become of the chosen codes, one by one."""

import pandas as pd
import streamlit as st

from pages.parts.alone import drawn_alone
from pages.parts.card import panel
from pages.parts.columns import CODES
from pages.parts.download import download_button
from pages.parts.fetch import fetch
from pages.parts.frame import nothing_chosen, page_head
from pages.parts.lookup import found_codes
from pages.parts.paging import pages, pieces, sort_controls
from pages.parts.state import chosen, narrows_redemptions
from pages.parts.status import status_card
from pages.parts.tiles import tiles
from pages.parts.words import plural
from queries.filters import STATUS_WORDS, Filters
from queries.paging import PAGE

SORTS = {
    "code": "Code",
    "group_name": "Group",
    "status": "Status",
    "scans": "Scans",
    "first_redeemed": "First redemption",
    "start_date": "Start",
    "expiry_date": "Expiry",
    "folder": "Folder",
    "batch": "Batch",
}


def the_codes() -> None:
    """The rows, and how they are found and sorted."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            "Find a code",
            key="code_search",
            placeholder="The whole of it, or any part",
            help="Looks among the chosen codes. It narrows this list only, not the numbers "
            "and not the download, and stays out of the address.",
            icon=":material/search:",
            width=280,
        ).strip()
        column, descending = sort_controls("codes", SORTS, "start_date", down=True)
    found = found_codes(search)
    if search:
        by = ", by its whole text" if found.whole else ""
        st.caption(f"{plural(found.codes, 'code')} found{by}")

    def page_of(filters: Filters, sort: str, down: bool, offset: int, of: int) -> pd.DataFrame:
        return fetch(
            "codes_rows",
            filters,
            sort=sort,
            descending=down,
            search=search or None,
            whole=found.whole,
            offset=offset,
            of=of,
        )

    def by_status(offset: int) -> pd.DataFrame:
        """No column has the status, and working it out for all codes to sort them takes long."""
        ordered = fetch("status", chosen()).sort_values("status", ascending=not descending)
        counts = dict(zip(ordered["status"], ordered["codes"].astype(int), strict=True))
        parts = [
            page_of(chosen().with_("status", (kind,)), "tie", False, start, counts[kind])
            for kind, start in pieces(counts, offset)
        ]
        return pd.concat(parts, ignore_index=True)[:PAGE]

    def rows(offset: int) -> None:
        if column == "status" and not search:
            shown = by_status(offset)
        else:
            shown = page_of(found.among, column, descending, offset, found.codes)
        st.dataframe(
            shown.assign(status=shown["status"].map(STATUS_WORDS)),
            hide_index=True,
            column_config=CODES,
            placeholder="",
            alt="The chosen codes, one per row",
            key="rows_codes",
        )

    pages("codes_page", found.codes, rows, column, descending, search)


page_head("Codes")
numbers = tiles(("Codes issued", "Redeemed codes", "Redemption rate", "Outstanding"))
if not numbers["codes_issued"]:
    nothing_chosen()
download_button("codes")
if narrows_redemptions(chosen()):
    st.caption(
        "Campaign, site, period and cancelled choose redemptions: the codes below, and those of "
        "the file, are the same without them."
    )

with panel("Status of the codes"):
    status_card()

with panel("The codes"):
    drawn_alone(the_codes)
