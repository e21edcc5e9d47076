"""The chosen batches, one per row, for the screen and as a file."""

from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from pages.frame.comparing import names, second_choice
from pages.frame.url_state import choose, chosen
from pages.people.current import person
from pages.people.person import Right
from pages.tables.batches_compared import beside, same_batches
from pages.tables.batches_compared import columns as compared
from pages.tables.columns import batches
from pages.tables.selectable import selected_place
from pages.text.addresses import export_url
from pages.text.numbers import plural
from queries.engine.paging import PAGE
from queries.notebooks.pinning import Pin
from queries.text import days

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
    "codes_live": "Codes live",
    "redeemed_codes": "Redeemed codes",
    "redemption_rate": "Redemption rate",
    "state": "State",
    "net": "Net redemptions",
    "cancelled": "Cancelled",
}


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per batch, without its curve."""
    return _with_ages(frame)[list(LABELS)].rename(columns=LABELS)


@memoized
def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per batch with its curve, as the screen has them."""
    rates = frame["redemption_rate"].astype(float) * 100  # a progress bar has no other decimals
    hidden = ["age_days", "curve_from", "curve_to", "curve_most"]
    if (frame["codes_live"] == frame["codes"]).all():  # as without a period
        hidden.append("codes_live")
    return _with_ages(frame).assign(redemption_rate=rates).drop(columns=hidden)


def _with_ages(frame: pd.DataFrame) -> pd.DataFrame:
    """The state of a batch that is running says for how long."""
    states = [
        running_for(age) if state == "running" and not pd.isna(age) else state
        for state, age in zip(frame["state"], frame["age_days"], strict=True)
    ]
    return frame.assign(state=states)


def running_for(age: float) -> str:
    """The state of codes that started so many days before the data end."""
    if age < 0:
        return f"starts in {plural(-age, 'day')}"
    return f"running, {plural(age, 'day')} old" if age else "running, less than a day old"


def _columns(page: pd.DataFrame) -> dict[str, ColumnConfig | str | None]:
    """The columns with the curves' scale, which is the same on every page."""
    ends = page.dropna(subset=["curve_most"])
    if ends.empty:
        return batches("over time", 0)
    first, stop, most = ends.iloc[0][["curve_from", "curve_to", "curve_most"]]
    last = stop - pd.Timedelta(microseconds=1)
    return batches(f"of {days(first.date(), last.date())}", int(most))


@dataclass(frozen=True)
class BatchesFile:
    """The table of all chosen batches as a file."""

    key = "batches"
    query = "batches"
    values = MappingProxyType({"offset": 0, "most": MOST})
    table = staticmethod(table)


ALL_BATCHES = BatchesFile()
TABLE_FILES = [ALL_BATCHES]
PIN = Pin("chart", "batches", "batches", "Batches")


def rows(offset: int) -> None:
    """Draw a page of the batches; a selected row narrows the filters to its batch."""
    page = fetch("batches", chosen(), offset=offset, most=PAGE)
    drawn, columns = shown(page), _columns(page)
    second = second_choice()
    others = same_batches(page, second) if second else None
    if second and others is not None:
        drawn, columns = beside(drawn, others), columns | compared(names(second).b)
    choices = st.session_state.setdefault(CHOICES, 0)
    key = f"{KEY}_{choices}" if choices else KEY
    st.dataframe(
        _with_links(drawn) if _has_links() else drawn,
        hide_index=True,
        column_config=columns,
        placeholder="",
        alt="The chosen batches, one per row",
        key=key,
        on_select=lambda: _choose(key, page),
        selection_mode="single-row",
    )


def _has_links() -> bool:
    """Whether each batch has a link to its codes: no address names a batch of everything else."""
    return person().may(Right.DOWNLOAD_ROWS) and not chosen().rest


def _with_links(page: pd.DataFrame) -> pd.DataFrame:
    links = [export_url("codes", chosen().with_("batch", (b,))) for b in page["batch"]]
    return page.assign(download=links)


def _choose(key: str, page: pd.DataFrame) -> None:
    place = selected_place(key, len(page))
    if place is not None:
        # Another widget: in this one the place would stay marked, whatever stands there next.
        st.session_state[CHOICES] += 1
        choose(chosen().narrowed("batch", (str(page["batch"][place]),)))
