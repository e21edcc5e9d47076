"""The saved views in the sidebar: open, save, rename, delete, open at start, take along."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from pages.frame.url_state import (
    address,
    address_without_lists,
    chosen,
    comparison,
    has_list,
    is_first_run,
    page,
)
from pages.frame.view_state import FOR_ONE, view_parameters
from pages.frame.views_upload import views_upload
from pages.frame.views_without_codes import drafts_in, refuse_codes, texts_of
from pages.people.current import person
from pages.people.streamlit_auth import is_configured
from pages.people.view import Draft, View
from pages.people.views import GONE, NotSaved, views
from pages.text.addresses import base_path
from pages.text.escape import escaped, visible
from pages.text.numbers import plural

NAME, SHARED, ALTERED = "view_name", "view_for_everybody", "view_to_change"
WITH_LIST = "view_with_list"
NOTICE = "_views_notice"
LOST = "_views_lost"  # what was deleted or replaced last, to be brought back
SHARE = "For everybody"
READ_BY_ALL = (
    "Everybody can read its name and its filters, and opens it with the data that they may see. "
    "Who may not see a group, a folder or the prefixes that it names does not find it."
)
LIST_HELP = (
    "The view then names the list, and does not keep its codes: it works for you alone, until the "
    "app is started again. A view for everybody has no list."
)
LIST_LEFT_OUT = "The list of codes is not in the view."


def open_start_view(path: str) -> None:
    """Switch to the view that the person has chosen for the start, at an address without wishes."""
    if path or not is_first_run() or st.query_params:
        return
    try:
        view = views.start_of(person())
    except NotSaved:
        return  # the menu says it
    if view and (view.page or view.query):
        st.switch_page(_script(view), query_params=view.parameters)


def saved_views() -> None:
    """Draw the views that the person may open, and what can be done with them."""
    # No popover: the Tab key does not lead into those.
    with st.sidebar.expander("Views", icon=":material/bookmarks:", key="views"):
        try:
            seen, start = views.seen_by(person()), views.start_of(person())
        except NotSaved as error:
            st.error(escaped(str(error)))
            return
        _notice()
        for view in seen:
            st.page_link(
                _script(view),
                label=escaped(view.name),
                query_params=view.parameters,
                width="stretch",
            )
        _save_form()
        own = {view.id: view for view in seen if view.owner == person().id}
        if own:
            _change(own, start)
            st.link_button(
                "Download my views",
                f"{base_path()}/export/views.json",
                icon=":material/download:",
                width="stretch",
            )
        views_upload(lambda text: _try(lambda: _take_file(text)))


def _notice() -> None:
    if sentence := st.session_state.pop(NOTICE, None):
        st.info(escaped(sentence))
    if lost := st.session_state.get(LOST):
        what = escaped(lost[0].name) if len(lost) == 1 else plural(len(lost), "view")
        st.button(
            f"Undo: bring {what} back",
            icon=":material/undo:",
            key="undo_views",
            on_click=lambda: _try(_bring_back),
        )


def _bring_back() -> None:
    views.restore(st.session_state[LOST])
    st.session_state.pop(LOST)


def _save_form() -> None:
    with st.form("save_view", clear_on_submit=True, border=False):
        st.text_input("Save this view as", key=NAME, placeholder="A name")
        if is_configured():
            st.checkbox(SHARE, key=SHARED, help=READ_BY_ALL)
        if has_list():
            st.checkbox("With the list of codes", key=WITH_LIST, help=LIST_HELP)
        st.form_submit_button(
            "Save", icon=":material/bookmark_add:", on_click=lambda: _try(_save), width="stretch"
        )


def _save() -> None:
    if page() in FOR_ONE:
        raise NotSaved("The page of a code is no view: its address works for you alone.")
    name = st.session_state[NAME]
    refuse_codes([name, *texts_of(chosen(), comparison(), view_parameters())])
    shared = bool(st.session_state.get(SHARED))
    leaves_list = has_list() and (shared or not st.session_state.get(WITH_LIST))
    query = urlencode(address_without_lists() if leaves_list else address(), doseq=True)
    replaced = views.save(person(), name, page(), query, for_everybody=shared)
    st.session_state[LOST] = [replaced] if replaced else []
    sentences = [LIST_LEFT_OUT] if leaves_list else []
    if replaced:
        sentences.append(f"“{replaced.name}” is replaced.")
        sentences += ["It is for you alone now."] * (replaced.for_everybody and not shared)
    if sentences:
        st.session_state[NOTICE] = " ".join(sentences)


def _change(own: dict[str, View], start: View | None) -> None:
    view_id = st.selectbox(
        "Change a view",
        list(own),
        index=None,
        format_func=lambda one: visible(own[str(one)].name) if one in own else GONE,
        key=ALTERED,
        placeholder="Choose one",
    )
    if view_id not in own:
        return
    _change_one(own[view_id], is_start=start is not None and start.id == view_id)


def _change_one(view: View, *, is_start: bool) -> None:
    name, at_start, shared = (f"{what}_{view.id}" for what in ("name", "start", "shared"))

    def rename() -> None:
        refuse_codes([st.session_state[name]])
        views.alter(person(), view.id, st.session_state[name], for_everybody=view.for_everybody)

    def choose_start() -> None:
        views.open_at_start(person(), view.id if st.session_state[at_start] else None)

    def share() -> None:
        views.alter(person(), view.id, view.name, for_everybody=st.session_state[shared])

    def delete() -> None:
        st.session_state[LOST] = [views.delete(person(), view.id)]
        st.session_state[NOTICE] = f"“{view.name}” is deleted."

    st.text_input("Name", view.name, key=name, on_change=lambda: _try(rename))
    st.toggle("Open at start", is_start, key=at_start, on_change=lambda: _try(choose_start))
    if is_configured():
        st.toggle(
            SHARE,
            view.for_everybody,
            key=shared,
            help=READ_BY_ALL,
            on_change=lambda: _try(share),
        )
    st.button("Delete", icon=":material/delete:", key="delete_view", on_click=lambda: _try(delete))


def _take_file(text: str) -> None:
    """Save the views of a file: all, or none."""
    drafts = drafts_in(text)
    replaced = views.save_all(person(), drafts)
    st.session_state[LOST] = replaced
    st.session_state[NOTICE] = _taken(drafts, replaced)


def _taken(drafts: Sequence[Draft], replaced: Sequence[View]) -> str:
    """How many views of a file are new, and how many have replaced others."""
    added = len({draft.name for draft in drafts}) - len(replaced)
    sentences = [f"{plural(added, 'view')} added."] if added or not replaced else []
    if replaced:
        sentences.append(f"{plural(len(replaced), 'view')} replaced.")
    return " ".join(sentences)


def _try(do: Callable[[], None]) -> None:
    """Do something in a callback, or have the next run say why it cannot be done."""
    st.session_state.pop(NOTICE, None)
    try:
        do()
    except NotSaved as error:
        st.session_state[NOTICE] = str(error)


def _script(view: View) -> str:
    return f"{view.page or 'overview'}.py"
