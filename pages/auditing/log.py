"""The entries of the audit log, page by page, and the one that is selected."""

import json
from itertools import islice

import pandas as pd
import streamlit as st

from data.store import audit
from data.store.audit import Choice, NotRecorded
from data.store.audit_file import Entry, log_of
from pages.answers.fetch import shown_store
from pages.auditing.choice import choice
from pages.people.current import require
from pages.people.person import Right
from pages.tables.columns import AUDIT
from pages.tables.paging import pages
from pages.tables.selectable import select_row
from pages.text.escape import visible
from pages.text.numbers import plural
from queries.engine.paging import PAGE

MOST = 1000
READ = "_audit_read"


def log() -> None:
    """Draw the entries, the latest first, and what chooses among them. Raises NotAllowed."""
    require(Right.ADMINISTER)  # a fragment reruns without the page around it
    try:
        wanted = choice()
        found = _entries(wanted)
    except (OSError, NotRecorded):
        st.error("The audit log cannot be read.", icon=":material/error:")
        return
    if not found:
        st.caption("No entry matches. Choose more days, or fewer conditions.")
        return
    more = f"More than {MOST:,} entries; these are the latest." if len(found) > MOST else ""
    st.caption(more or plural(len(found), "entry", "entries"))
    shown = found[:MOST]
    pages("audit_page", len(shown), lambda offset: _page(shown[offset : offset + PAGE]), wanted)


def _entries(wanted: Choice) -> list[Entry]:
    """One more than MOST, at most; read again when something was recorded. Raises OSError."""
    store = shown_store()
    log_file = log_of(store)
    size = log_file.stat().st_size if log_file.exists() else 0
    cached: tuple[object, list[Entry]] | None = st.session_state.get(READ)
    if cached is None or cached[0] != (wanted, size):
        cached = ((wanted, size), list(islice(audit.entries(store, wanted), MOST + 1)))
        st.session_state[READ] = cached
    return cached[1]


def _page(entries: list[Entry]) -> None:
    numbers = [entry["number"] for entry in entries]
    selected = select_row(
        table(entries), numbers, "rows_audit", AUDIT, "The entries of the audit log, one per row"
    )
    if selected is not None:
        entry = entries[numbers.index(selected)]
        st.code(json.dumps(entry, ensure_ascii=False, indent=1), language="json", wrap_lines=True)


def table(entries: list[Entry]) -> pd.DataFrame:
    """One row per entry."""
    return pd.DataFrame(
        {
            "time": pd.to_datetime([entry["time"][:19] for entry in entries]),
            "event": [visible(entry["event"]).capitalize() for entry in entries],
            "who": [visible(entry["who"]) for entry in entries],
            "facts": [visible(audit.facts_in_words(entry)) for entry in entries],
            "number": [entry["number"] for entry in entries],
        }
    )
