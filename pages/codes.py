"""Codes: what has become of the chosen codes, one by one."""

import streamlit as st

from pages.parts import charts, readings, tables
from pages.parts.card import card, panel
from pages.parts.clicks import narrow
from pages.parts.columns import CODES
from pages.parts.download import download_button
from pages.parts.fetch import fetch
from pages.parts.frame import nothing_chosen, page_head
from pages.parts.lookup import found_codes
from pages.parts.paging import pages, sort_controls
from pages.parts.state import chosen
from pages.parts.tiles import tiles
from pages.parts.words import DEFINITIONS, plural
from queries.filters import STATUS_WORDS

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

page_head("Codes")
numbers = tiles(("Codes issued", "Redeemed codes", "Redemption rate", "Outstanding"))
if not numbers["codes_issued"]:
    nothing_chosen()
download_button("codes")

with panel("Status of the codes"):
    statuses = fetch("status", chosen())
    card(
        "Status of the codes",
        "status",
        charts.status(tables.named_statuses(statuses)),
        readings.status(tables.named_statuses(statuses)),
        tables.status(statuses),
        DEFINITIONS["Status"],
        on_click=narrow("status"),
    )

with panel("The codes"):
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
    found, whole = found_codes(search)
    if search:
        st.caption(f"{plural(found, 'code')} found" + (", by its whole text" if whole else ""))

    def rows(offset: int) -> None:
        shown = fetch(
            "codes_rows",
            chosen(),
            sort=column,
            descending=descending,
            search=search or None,
            whole=whole,
            offset=offset,
        )
        st.dataframe(
            shown.assign(status=shown["status"].map(STATUS_WORDS)),
            hide_index=True,
            column_config=CODES,
            placeholder="",
            alt="The chosen codes, one per row",
            key="rows_codes",
        )

    pages("codes_page", found, rows)
