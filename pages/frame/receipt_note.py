"""The note on a page whose URL names a receipt: of which download, and what has changed since."""

from dataclasses import replace
from datetime import datetime

import streamlit as st

from pages.answers.fetch import fetch, shown_store
from pages.frame.url_state import chosen, page
from pages.people.current import person
from pages.people.receipts import seen_by
from pages.text.escape import escaped
from pages.text.numbers import plural
from queries.downloading.receipts import Receipt, filters_of, history_of, page_of
from queries.filters import Filters
from queries.text import moment


def receipt_note() -> None:
    """Draw the note, if the URL names a receipt."""
    receipt_id = st.query_params.get("receipt")
    if receipt_id is None:
        return
    kept = history_of(shown_store()).receipt(receipt_id)
    receipt = seen_by(person(), kept) if kept else None
    if not receipt or not _is_view_of(receipt):
        st.warning(
            "There is no receipt of this view under the ID that the address names.",
            icon=":material/link_off:",
        )
        return
    at = moment(datetime.fromisoformat(receipt["asked_at"]))
    sentences = [f"This is the view of the download {escaped(receipt['file'])} of {at}."]
    if "whole_codes" in receipt or "hidden" in receipt:
        sentences.append(
            "A code that was typed then is not kept: type it again to see the same rows."
        )
    access = filters_of(receipt).access
    if access.is_limited and access != person().access:
        sentences.append(
            "Whoever downloaded it sees some groups or folders only, so you may see more."
        )
    sentences.append(changed_since(receipt) or "The data has not changed since.")
    st.info(" ".join(sentences), icon=":material/receipt:")


def changed_since(receipt: Receipt) -> str | None:
    """How the data differs from that of a receipt, or None where it does not."""
    if receipt["state"] == fetch("state", Filters())["digest"][0]:
        return None
    sentence = "The data has changed since then, so numbers may differ"
    if "rests_on" not in receipt or person().access.is_limited:
        return f"{sentence}."
    now = set(fetch("state_imports", Filters())["import_id"])
    then = {row["import_id"] for row in receipt["rests_on"]}
    return f"{sentence}: {plural(len(now - then), 'import')} added, {len(then - now)} taken back."


def _is_view_of(receipt: Receipt) -> bool:
    of_receipt = replace(filters_of(receipt), access=chosen().access)
    return page() == page_of(receipt["what"]).strip("/") and chosen() == of_receipt
