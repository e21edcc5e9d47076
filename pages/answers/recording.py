"""Records in the audit log what the person of the page does."""

import streamlit as st

from data.store import audit
from data.store.audit import Event, NotRecorded
from data.store.reasons import why
from pages.answers.fetch import shown_store
from pages.people.current import person
from pages.people.streamlit_auth import is_configured
from queries.downloading.keys import key_for, key_path
from queries.downloading.receipts import history_of

REVEALED = "_revealed_"  # + where
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


def lookup_recorded(code: str, where: str) -> bool:
    """Record that a whole code was looked up and found; False where that cannot be recorded."""
    try:
        record(Event.CODE_SEARCHED, code=fingerprint(code), where=where, whole=True)
    except NotRecorded:
        return False
    return True


def codes_revealed(where: str) -> None:
    """Record once per tab that whole codes are shown to somebody, or stop the script.

    Without a sign-in nobody knows who looks, and without codes there is nothing to be revealed.
    """
    key = f"{REVEALED}{where}"
    if key in st.session_state or not is_configured() or person().access.masked:
        return
    try:
        record(Event.CODES_REVEALED, where=where)
    except NotRecorded as error:
        st.error(f"No codes are shown: {error}", icon=":material/error:")
        st.stop()
    st.session_state[key] = True


def fingerprint(code: str) -> str:
    """The HMAC of a code under the store's key. Raises NotRecorded where there can be no key."""
    try:
        return key_for(key_path(history_of(shown_store()).path)).digest(code)
    except OSError as error:
        raise NotRecorded(why(error)) from None
