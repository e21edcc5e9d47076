"""Takes a list of codes that is pasted or chosen as a file, and says which list is shown."""

import streamlit as st

from data.store.audit import Event, NotRecorded
from pages.answers.recording import record
from pages.checking.list_upload import list_upload
from pages.frame.view_state import keep
from pages.people.current import person, require
from pages.people.lists import LARGEST, KeptList, lists
from pages.people.person import Right
from pages.text.escape import visible
from pages.text.numbers import plural, size
from queries.checking.listing import MOST

TEXT = "list_text"
SHOWN = "checked"  # the key of the list that is shown
LATEST = "_latest_list"
PROBLEM = "_list_problem"
NOTHING = f"There is no list in it, or it is larger than {size(LARGEST)}."
HOW = (
    f"Up to {MOST:,} codes: one per line, a table with a column of codes, or an Excel workbook. "
    "They are compared as they stand there, and stay in the app's memory: no address and no log "
    "has them."
)


def bring_a_list() -> None:
    """Draw the field to paste into and the one for a file."""
    with st.form("bring_list", clear_on_submit=True, border=False):
        st.text_area("Paste codes", key=TEXT, height=140, placeholder="One code per line")
        st.form_submit_button(
            "Check the list",
            icon=":material/checklist:",
            on_click=lambda: _take(st.session_state[TEXT].encode("utf-8", "replace")),
        )
    list_upload(_take)
    st.caption(HOW)
    if sentence := st.session_state.pop(PROBLEM, None):
        st.warning(sentence, icon=":material/error:")


def shown_list() -> KeptList | None:
    """The list that the address names, or else the latest of this tab; with a choice of several."""
    own = {kept.key: kept for kept in lists.all_of(person())}
    keep(SHOWN, "", ["", *own])
    if not st.session_state[SHOWN] and st.session_state.get(LATEST) in own:
        st.session_state[SHOWN] = st.session_state[LATEST]
        keep(SHOWN, "", ["", *own])
    if not st.session_state[SHOWN]:
        return None
    st.session_state[LATEST] = st.session_state[SHOWN]  # for who comes back from another page
    if len(own) > 1:
        st.selectbox("List", list(own), key=SHOWN, format_func=lambda key: _label(own[key]))
    return own[st.session_state[SHOWN]]


def choose_column(kept: KeptList) -> None:
    """Where a list has several columns, draw which one has the codes."""
    if kept.known is None or len(kept.known.columns) < 2:
        return
    key, columns = f"column_of_{kept.key}", kept.known.columns
    st.selectbox(
        "Column with the codes",
        columns,
        index=columns.index(kept.known.column),
        key=key,
        format_func=visible,
        on_change=lambda: _take(kept.content, st.session_state[key]),
    )


def _label(kept: KeptList) -> str:
    lines = plural(kept.known.codes, "line") if kept.known else "A list"
    return f"{lines}, brought at {kept.brought_at:%H:%M:%S}"


def _take(content: bytes, column: str | None = None) -> None:
    """Keep a list, which the run after this one checks. Call it from a callback.

    Only for who sees codes unmasked: with masks, people look up one code at a time, which a list
    would undo. Raises NotAllowed.
    """
    require(Right.FIND_CODES)
    require(Right.SEE_CODES)
    if not content.strip() or len(content) > LARGEST:
        st.session_state[PROBLEM] = NOTHING
        return
    try:
        record(Event.LIST_CHECKED, bytes=len(content))
    except NotRecorded as error:
        st.session_state[PROBLEM] = f"The list was not checked: {error}"
        return
    kept = lists.keep(person(), content, column)
    st.session_state[SHOWN] = st.session_state[LATEST] = kept.key
