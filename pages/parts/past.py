"""Past downloads and their receipts."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from data import owner
from data.replay.trace import Unknown, traced
from data.store.database import Store
from data.store.progress import Progress
from pages.parts.columns import DOWNLOADS
from pages.parts.download import LABELS, size
from pages.parts.fetch import fetch
from pages.parts.state import chosen, page
from pages.parts.words import escaped, plural, whole
from queries.filters import Filters
from queries.receipts import PAGES, History, filters_of, held, history_of

SHOWN = ("asked_at", "filters", "rows", "bytes", "file", "sha256", "receipt")
WHAT = {"codes": "Codes", "codes_more": "Codes, further columns", "transactions": "Transactions"}
MOST = 1000
OLDER = "their receipts do not say which imports they rest on"
TRACED = "_traced"

Receipt = dict[str, Any]


@dataclass(frozen=True)
class Trace:
    """Which downloads held a code, and of how many that cannot be said, by the reason."""

    receipts: list[Receipt]
    unknown: Counter[str]


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
        if moved := _moved_on(found):
            st.caption(moved)
        with st.container(horizontal=True):
            st.link_button("See the view again", found["url"], icon=":material/visibility:")
            st.link_button(
                "The receipt as a file",
                f"/export/receipts/{receipt_id}.json",
                icon=":material/receipt:",
            )
        if "sha256" in found:
            _facts(found)
        with st.expander("All that the receipt says"):
            st.code(json.dumps(found, ensure_ascii=False, indent=1), language="json")


def _facts(receipt: Receipt) -> None:
    """What the receipt proves, to be compared with a file."""
    shown = (
        ("What", f"{WHAT[receipt['what']]}, {LABELS[receipt['format']]}"),
        ("Rows", whole(receipt["rows"])),
        ("Size", size(receipt["bytes"])),
        ("Filters", escaped(receipt["filters"])),
        ("Rests on", plural(receipt["imports"], "import")),
    )
    st.markdown("  \n".join(f"**{label}:** {value}" for label, value in shown))
    st.caption("SHA-256 of the file")
    st.code(receipt["sha256"], language=None)


def of_download() -> None:
    """Where the address names a receipt: say whose view this is, and what has changed since."""
    receipt_id = st.query_params.get("receipt")
    if receipt_id is None:
        return
    found = _history().receipt(receipt_id)
    if not found or not _is_view_of(found):
        st.warning(
            "There is no receipt of this view under the ID that the address names.",
            icon=":material/link_off:",
        )
        return
    at = f"{datetime.fromisoformat(found['asked_at']):%d/%m/%Y at %H:%M}"
    said = [f"This is the view of the download {escaped(found['file'])} of {at}."]
    if "whole_codes" in found:
        said.append("A whole code was typed then, which is not kept: type it again.")
    said.append(_moved_on(found) or "The data has not changed since.")
    st.info(" ".join(said), icon=":material/receipt:")


def traced_card(code: str) -> None:
    """Say which downloads held a code, and of which that cannot be said."""
    bar = st.progress(0.0, "Looking through the kept files")

    def show(share: float, doing: str) -> None:
        bar.progress(share, escaped(doing))

    found = _trace(code, show)
    bar.empty()
    for reason, count in found.unknown.items():
        st.warning(
            f"It cannot be said for {plural(count, 'download')}, because {escaped(reason)}.",
            icon=":material/help:",
        )
    if found.receipts:
        st.dataframe(
            _table(found.receipts),
            hide_index=True,
            column_config=DOWNLOADS,
            placeholder="",
            alt="The downloads that held the code",
        )
    elif found.unknown:
        st.info("None of those of which it can be said held this code.", icon=":material/check:")
    else:
        st.info("None of the downloads held this code.", icon=":material/check:")


def _trace(code: str, progress: Progress) -> Trace:
    """Which downloads held a code; asked again only when there are others."""
    receipts = _history().receipts()
    key = (code, owner.store().version, len(receipts))
    known: tuple[object, Trace] | None = st.session_state.get(TRACED)
    if known is None or known[0] != key:
        known = (key, trace_in(owner.store(), receipts, code, progress))
        if not known[1].unknown:  # what is missing may be put back
            st.session_state[TRACED] = known
    return known[1]


def trace_in(
    store: Store,
    receipts: Sequence[Receipt],
    code: str,
    progress: Progress = lambda share, doing: None,
) -> Trace:
    """Ask the filters of each receipt of what the store held of the code at that time."""
    by_state: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        if "rests_on" in receipt:
            by_state.setdefault(receipt["state"], []).append(receipt)
    unknown = Counter({OLDER: len(receipts) - sum(map(len, by_state.values()))})
    states = [(same[0]["rests_on"], same) for same in by_state.values()]
    held_by: set[str] = set()
    with traced(store, code, [imports for imports, _ in states], progress) as past:
        asked: dict[str, tuple[list[Any], list[Receipt]]] = {}
        for imports, same in states:
            try:
                relevant = past.relevant(imports)
            except Unknown as error:
                unknown[str(error)] += len(same)
            else:
                asked.setdefault(repr(relevant), (relevant, []))[1].extend(same)
        for relevant, same in asked.values():
            with past.as_of(relevant) as cursor:
                held_by |= {receipt["receipt"] for receipt in held(cursor, same, code)}
    return Trace([receipt for receipt in receipts if receipt["receipt"] in held_by], +unknown)


def _is_view_of(receipt: Receipt) -> bool:
    return page() == PAGES[receipt["what"]].strip("/") and chosen() == filters_of(receipt)


def _moved_on(receipt: Receipt) -> str | None:
    """How the data differs from that of a receipt, or None where it does not."""
    if receipt["state"] == fetch("state", Filters())["digest"][0]:
        return None
    said = "The data has changed since then, so numbers may differ"
    if "rests_on" not in receipt:
        return f"{said}."
    now = set(fetch("state_imports", Filters())["import_id"])
    then = {row["import_id"] for row in receipt["rests_on"]}
    return f"{said}: {plural(len(now - then), 'import')} added, {len(then - now)} taken back."


def _history() -> History:
    return history_of(owner.store().path)


def _table(receipts: list[Receipt]) -> pd.DataFrame:
    table = pd.DataFrame(receipts, columns=list(SHOWN))
    return table.assign(asked_at=pd.to_datetime(table["asked_at"]))
