"""Past downloads and their receipts."""

import json
from typing import Any

import pandas as pd
import streamlit as st

from data import owned
from pages.parts.fetch import fetch
from pages.parts.words import escaped
from queries.filters import Filters
from queries.receipts import History, held, history_of

SHOWN = ("asked_at", "file", "filters", "rows", "bytes", "sha256", "receipt")
MOST = 1000


def downloads() -> pd.DataFrame:
    """One row per download, the latest first."""
    return _table(_history().receipts()[:MOST])


def receipt_of(receipt_id: str) -> None:
    """Show a receipt, with the way back to what was seen then."""
    found = _history().receipt(receipt_id)
    if not found:
        return
    with st.container(border=True):
        st.markdown(f"**{escaped(found['file'])}**")
        if "sha256" not in found:
            st.warning("This download broke off: nobody has the whole file.")
        if found["state"] != fetch("state", Filters())["digest"][0]:
            st.caption("The data has changed since then.")
        with st.container(horizontal=True):
            st.link_button("See the view again", found["url"], icon=":material/visibility:")
            st.link_button(
                "The receipt as a file",
                f"/export/receipts/{receipt_id}.json",
                icon=":material/receipt:",
            )
        st.code(json.dumps(found, ensure_ascii=False, indent=1), language="json")


def with_code(code: str) -> pd.DataFrame:
    """The downloads that held a code."""
    with owned.store().cursor() as cursor:
        return _table(held(cursor, _history().receipts()[:MOST], code))


def _history() -> History:
    return history_of(owned.store().path)


def _table(receipts: list[dict[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(receipts, columns=list(SHOWN))
    return table.assign(asked_at=pd.to_datetime(table["asked_at"]))
