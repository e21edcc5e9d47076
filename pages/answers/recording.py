"""Records in the audit log what the person of the page does."""

import hashlib
import hmac
import secrets

import streamlit as st

from data.store import audit
from data.store.audit import Event, NotRecorded
from pages.answers.fetch import shown_store
from pages.people.current import person

_KEY = secrets.token_bytes(32)
SEARCHED = "_searched_"  # + where: the text that was recorded last


def record(event: Event, **facts: object) -> None:
    """Add an entry about the person of the page. Raises NotRecorded, StoreUnavailable."""
    audit.record(shown_store(), event, person().name, **facts)


def search_recorded(text: str, where: str, **facts: object) -> None:
    """Record a search for a code once, or stop the script with a sentence: no result is shown.

    The log has the code's HMAC: the same for the same code, and of no use to find it.
    """
    key = f"{SEARCHED}{where}"
    if st.session_state.get(key) == text:
        return
    try:
        record(Event.CODE_SEARCHED, code=fingerprint(text), where=where, **facts)
    except NotRecorded as error:
        st.error(f"Nothing was searched: {error}", icon=":material/error:")
        st.stop()
    st.session_state[key] = text


def fingerprint(code: str) -> str:
    """The HMAC of a code."""
    return hmac.new(_KEY, code.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
