"""The list of notebooks: search, open, rename, duplicate, delete, and new ones."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.store.notebook_text import NotSaved
from data.store.notebook_trash import Deleted
from pages.cells import alerts
from pages.cells.action_menu import action_menu
from pages.cells.alert_badges import sentences
from pages.cells.opening import address_of, switch_to
from pages.frame.url_state import chosen, comparison
from pages.frame.views_without_codes import A_CODE, refuse_codes
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from pages.people.notebooks import Seen
from pages.people.streamlit_auth import is_configured
from pages.people.views import NotSaved as HasCode
from pages.text.escape import escaped, visible
from queries.notebooks.alerts import Checked
from queries.notebooks.choice import query_of
from queries.notebooks.document import read
from queries.text import moment

NOTICE, LOST = "_notebooks_notice", "_notebooks_lost"
RENAMED = "_notebook_to_rename"
RENAME, COPY, DELETE, SHARE, UNSHARE = (
    "Rename",
    "Duplicate",
    "Delete",
    "Share with everybody",
    "Share no longer",
)


def new_notebook() -> None:
    """Draw the field for a new notebook, which has the filters in force as its own."""
    if not notebooks.may_create(person()):
        return
    with st.form("new_notebook", clear_on_submit=True, border=False), _in_a_row():
        st.text_input("A new notebook", key="new_name", placeholder="Its name")
        st.form_submit_button("Make it", icon=":material/add:", on_click=_make)


def list_notebooks() -> None:
    """Draw the notebooks that the person may open, each with a menu."""
    _notice()
    try:
        seen = notebooks.seen_by(person())
    except NotSaved as error:
        st.error(escaped(str(error)))
        return
    if not seen:
        st.info(
            "There is no notebook yet. Make one above, or pin a chart of any page to one.",
            icon=":material/menu_book:",
        )
        return
    wanted = st.text_input(
        "Search", key="find_notebook", placeholder="A part of a name or of a text", width=320
    )
    found = [one for one in seen if _has(one, wanted)]
    if not found:
        st.caption("No notebook has that in its name or text.")
    checked = alerts.looked().notebooks
    for one in found:
        _row(one, checked.get(one.listed.name))


def _has(one: Seen, wanted: str) -> bool:
    words = wanted.casefold().split()
    if not words or one.listed.problem:
        return not words
    text = f"{one.listed.name}\n{notebooks.text(person(), one.listed.name).text}".casefold()
    return all(word in text for word in words)


def _row(one: Seen, checked: Checked | None) -> None:
    name = one.listed.name
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container():
            if one.listed.problem:
                st.markdown(escaped(name))
                st.caption(escaped(one.listed.problem))
            else:
                st.page_link(
                    "notebook.py",
                    label=escaped(name),
                    icon=":material/note_stack:",
                    query_params=address_of(name),
                )
                st.caption(escaped(_about(one)))
                sentences(checked)
        _menu(one)
    if st.session_state.get(RENAMED) == name:
        _rename_form(name)


def _about(one: Seen) -> str:
    changed = one.listed.changed_at.astimezone().replace(tzinfo=None)
    text = f"changed {moment(datetime(*changed.timetuple()[:5]))}"
    if is_configured() and one.entry.owner_name:
        whose = "yours" if one.is_own else f"of {one.entry.owner_name}"
        text = f"{whose}{', for everybody' if one.entry.for_everybody else ''} · {text}"
    return text


def _menu(one: Seen) -> None:
    name = one.listed.name
    actions: dict[str, Callable[[], None]] = {}
    if one.may_manage:
        actions[RENAME] = lambda: st.session_state.update({RENAMED: name})
    if notebooks.may_create(person()):
        actions[COPY] = lambda: _duplicate(name)
    if one.may_manage and is_configured():
        shared = one.entry.for_everybody
        actions[UNSHARE if shared else SHARE] = lambda: notebooks.share(
            person(), name, for_everybody=not shared
        )
    if one.may_manage:
        actions[DELETE] = lambda: _delete(name)
    action_menu(
        "More",
        {entry: partial(_try, do) for entry, do in actions.items()},
        key=f"notebook_{name}",
        explained=f"Rename, duplicate or delete {visible(name)}",
    )


def _rename_form(name: str) -> None:
    with st.form("rename_notebook", border=False), _in_a_row():
        st.text_input("Its new name", name, key="renamed")
        st.form_submit_button("Rename", on_click=lambda: _try(lambda: _rename(name)))


def _in_a_row() -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="bottom")


def _rename(name: str) -> None:
    to = st.session_state["renamed"]
    _refuse_code(to)
    notebooks.rename(person(), name, to)
    st.session_state.pop(RENAMED, None)


def _make() -> None:
    def make() -> None:
        name = st.session_state["new_name"].strip() or "Notebook"
        _refuse_code(name)
        document = read("").with_front("title", name)
        own = query_of(chosen().with_("list", None), comparison())
        document = document.with_front("filter", own)
        made = notebooks.create(person(), name, document.text())
        switch_to(made)

    _try(make)


def _duplicate(name: str) -> None:
    copy = notebooks.duplicate(person(), name)
    st.session_state[NOTICE] = f"“{copy}” is a copy of “{name}”."


def _delete(name: str) -> None:
    st.session_state[LOST] = notebooks.delete(person(), name)
    st.session_state[NOTICE] = f"“{name}” is deleted."


def _notice() -> None:
    if sentence := st.session_state.pop(NOTICE, None):
        st.info(escaped(sentence))
    lost: Deleted | None = st.session_state.get(LOST)
    if lost:
        st.button(
            f"Undo: bring {escaped(lost.name)} back",
            icon=":material/undo:",
            key="undo_notebooks",
            on_click=lambda: _try(_bring_back),
        )


def _bring_back() -> None:
    notebooks.restore(person(), st.session_state[LOST])
    st.session_state.pop(LOST)


def _refuse_code(name: str) -> None:
    try:
        refuse_codes([name])
    except HasCode:
        raise NotSaved(A_CODE.replace("view", "notebook's name")) from None


def _try(do: Callable[[], None]) -> None:
    """Do something in a callback, or have the next run say why it cannot be done."""
    st.session_state.pop(NOTICE, None)
    try:
        do()
    except NotSaved as error:
        st.session_state[NOTICE] = str(error)
