"""Past downloads and their receipts."""

import json
from datetime import datetime

import pandas as pd
import streamlit as st

from data import owner
from pages.frame.receipt_note import changed_since
from pages.people.current import person
from pages.people.receipts import seen_by
from pages.text.addresses import receipt_url, view_url
from pages.text.escape import bold, escaped, shortened
from pages.text.numbers import plural, size, whole
from queries.downloading.formats import FORMATS
from queries.downloading.receipts import CHECKED, QUERY, TABLE, History, Receipt, history_of
from queries.notebooks.printed import NAME as NOTEBOOK
from queries.text import moment

SHOWN = ("asked_at", "filters", "rows", "bytes", "file", "who", "sha256", "receipt")
WHAT = {
    "codes": "Codes",
    "codes_more": "Codes, further columns",
    "transactions": "Transactions",
    "changes": "What an import changed",
    "since": "What changed since a day or an import",
    CHECKED: "The verdicts on a list of codes",
}
MOST = 1000
LONGEST_FILTERS = 400  # letters


def history() -> History:
    """The history of the store's downloads."""
    return history_of(owner.store().path)


def downloads() -> tuple[pd.DataFrame, int]:
    """One row per download that the person sees, the latest first; and how many there are.

    MOST rows at most.
    """
    past, somebody = history(), person()
    if not somebody.access.is_limited:
        seen = [r for receipt in past.receipts(MOST) if (r := seen_by(somebody, receipt))]
        return table(seen), past.count()
    own = [own for receipt in past.receipts() if (own := seen_by(somebody, receipt))]
    return table(own[:MOST]), len(own)


def table(receipts: list[Receipt]) -> pd.DataFrame:
    """One row per receipt."""
    frame = pd.DataFrame(receipts, columns=list(SHOWN))
    return frame.assign(asked_at=pd.to_datetime(frame["asked_at"]))


def show_receipt(receipt_id: str) -> None:
    """Show a receipt, with links to its view and to its file."""
    kept = history().receipt(receipt_id)
    receipt = seen_by(person(), kept) if kept else None
    if not kept or not receipt:
        return
    with st.container(border=True):
        st.markdown(bold(receipt["file"]))
        if "sha256" not in kept:
            st.warning("This download broke off before its end: nobody has the whole file.")
        if sentence := changed_since(kept):
            st.caption(sentence)
        with st.container(horizontal=True):
            st.link_button(
                "See the view again", view_url(receipt["url"]), icon=":material/visibility:"
            )
            st.link_button(
                "The receipt as a file",
                receipt_url(receipt_id),
                icon=":material/receipt:",
            )
        if "sha256" in receipt:
            _facts(receipt)
        with st.expander("The whole receipt"):
            st.code(
                json.dumps(receipt, ensure_ascii=False, indent=1), language="json", wrap_lines=True
            )


def _what(kind: str) -> str:
    if kind.startswith(TABLE):
        return f"Table: {kind.removeprefix(TABLE).replace('_', ' ')}"
    if kind == f"{QUERY}{NOTEBOOK}":
        return "Notebook"
    if kind.startswith(QUERY):
        return f"Printed by a command: {kind.removeprefix(QUERY).replace('_', ' ')}"
    return WHAT[kind]


def _until(receipt: Receipt) -> list[tuple[str, str]]:
    """Until when the data reached then; receipts of earlier versions lack it."""
    until = receipt.get("data_until")
    return [("Data until", moment(datetime.fromisoformat(until)))] if until else []


def _form(form: str) -> str:
    return FORMATS[form].label if form in FORMATS else form.upper()


def _facts(receipt: Receipt) -> None:
    """What the receipt proves, to be compared with a file."""
    facts = (
        ("What", f"{_what(receipt['what'])}, {_form(receipt['format'])}"),
        ("Rows", whole(receipt["rows"])),
        ("Size", size(receipt["bytes"])),
        ("Filters", escaped(shortened(receipt["filters"], LONGEST_FILTERS))),
        *([("Who", escaped(receipt["who"]))] if receipt.get("who") else []),
        *_until(receipt),
        *([("Made from", plural(receipt["imports"], "import"))] if "imports" in receipt else []),
    )
    st.markdown("  \n".join(f"**{label}:** {value}" for label, value in facts))
    st.caption("SHA-256 of the file")
    st.code(receipt["sha256"], language=None, wrap_lines=True)
