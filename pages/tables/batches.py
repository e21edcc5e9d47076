"""The chosen batches, one per row, for the screen and as a file."""

from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from pages.frame.url_state import choose, chosen
from pages.people.current import person
from pages.people.person import Right
from pages.tables.columns import BATCHES
from pages.tables.selectable import selected_place
from pages.text.addresses import export_url
from queries.engine.paging import PAGE

KEY = "rows_batches"
CHOICES = "_batches_chosen"
MOST = 10**9  # batches in a file: all of them
LABELS = {
    "batch": "Batch",
    "groups": "Group",
    "folders": "Folder",
    "prefixes": "Prefix",
    "imported": "Imported",
    "starts": "Start",
    "expires": "Expiry",
    "codes": "Codes issued",
    "redeemed_codes": "Redeemed codes",
    "redemption_rate": "Redemption rate",
    "matured": "State",
    "net": "Net redemptions",
    "cancelled": "Cancelled",
}


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per batch, without its curve."""
    return frame[list(LABELS)].rename(columns=LABELS)


@dataclass(frozen=True)
class BatchesFile:
    """The table of all chosen batches as a file."""

    key = "batches"
    query = "batches"
    values = MappingProxyType({"offset": 0, "most": MOST})
    table = staticmethod(table)


ALL_BATCHES = BatchesFile()
TABLE_FILES = [ALL_BATCHES]


def rows(offset: int) -> None:
    """Draw a page of the batches; a selected row narrows the filters to its batch."""
    page = fetch("batches", chosen(), offset=offset, most=PAGE)
    choices = st.session_state.setdefault(CHOICES, 0)
    key = f"{KEY}_{choices}" if choices else KEY
    st.dataframe(
        _with_links(page) if person().may(Right.DOWNLOAD_ROWS) else page,
        hide_index=True,
        column_config=BATCHES,
        placeholder="",
        alt="The chosen batches, one per row",
        key=key,
        on_select=lambda: _choose(key, page),
        selection_mode="single-row",
    )


def _with_links(page: pd.DataFrame) -> pd.DataFrame:
    links = [export_url("codes", chosen().with_("batch", (b,))) for b in page["batch"]]
    return page.assign(download=links)


def _choose(key: str, page: pd.DataFrame) -> None:
    place = selected_place(key, len(page))
    if place is not None:
        # Another widget: in this one the place would stay marked, whatever stands there next.
        st.session_state[CHOICES] += 1
        choose(chosen().with_("batch", (str(page["batch"][place]),)))
