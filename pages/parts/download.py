"""The link to the export route, with the page's own filters."""

from urllib.parse import urlencode

import streamlit as st

from pages.parts.fetch import fetch
from pages.parts.state import chosen
from pages.parts.words import plural
from queries.filters import Filters


def download_button(kind: str) -> None:
    """A link that downloads exactly the chosen codes or transactions."""
    counted = fetch(f"export_{kind}_rows", chosen()).iloc[0]
    st.link_button(
        f"Download CSV ({plural(int(counted['rows']), 'row')})",
        export_url(kind, chosen()),
        icon=":material/download:",
        type="primary",
        help="Every row that this page counts, in the format of Voucher Manager.",
        disabled=not counted["rows"],
    )
    if kind == "transactions" and counted["without"]:
        st.caption(
            f"{plural(int(counted['without']), 'redemption')} known only from a codes file "
            "have no transaction, so the file leaves them out."
        )


def export_url(kind: str, filters: Filters) -> str:
    """The address of the export route."""
    query = urlencode(filters.to_query())
    return f"/export/{kind}.csv" + (f"?{query}" if query else "")
