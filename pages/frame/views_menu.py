"""The saved views in the sidebar: open, save, rename, delete, open at start, take along."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from pages.frame.typed_codes import has_code
from pages.frame.url_state import address, chosen, is_first_run, page
from pages.frame.view_state import PARAMETERS
from pages.frame.views_upload import views_upload
from pages.people.current import person
from pages.people.streamlit_auth import is_configured
from pages.people.views import GONE, NotSaved, View, views
from pages.people.views_file import views_in
from pages.text.addresses import base_path
from pages.text.escape import escaped, visible
from pages.text.numbers import plural
from queries.filters import Filters

NAME, SHARED, ALTERED = "view_name", "view_for_everybody", "view_to_change"
NOTICE = "_views_notice"
DELETED = "_view_deleted"
SHARE = "For everybody"
A_CODE = "This has a code in it, which no view keeps. Take it out first."


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
    if deleted := st.session_state.get(DELETED):
        st.button(
            f"Undo: bring {escaped(deleted.name)} back",
            icon=":material/undo:",
            key="undo_delete_view",
            on_click=lambda: _try(lambda: views.restore(st.session_state.pop(DELETED))),
        )


def _save_form() -> None:
    with st.form("save_view", clear_on_submit=True, border=False):
        st.text_input("Save this view as", key=NAME, placeholder="A name")
        if is_configured():
            st.checkbox(SHARE, key=SHARED, help="Everybody finds it here, and sees what they may.")
        st.form_submit_button(
            "Save", icon=":material/bookmark_add:", on_click=lambda: _try(_save), width="stretch"
        )


def _save() -> None:
    name = st.session_state[NAME]
    texts = [value for _, value in chosen().to_query()]
    if has_code([name, *texts]):
        raise NotSaved(A_CODE)
    query = urlencode(address(), doseq=True)
    shared = bool(st.session_state.get(SHARED))
    views.save(person(), name, page(), query, for_everybody=shared)
    st.session_state.pop(DELETED, None)


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
        if has_code([st.session_state[name]]):
            raise NotSaved(A_CODE)
        views.alter(person(), view.id, st.session_state[name], for_everybody=view.for_everybody)

    def choose_start() -> None:
        views.open_at_start(person(), view.id if st.session_state[at_start] else None)

    def share() -> None:
        views.alter(person(), view.id, view.name, for_everybody=st.session_state[shared])

    def delete() -> None:
        st.session_state[DELETED] = views.delete(person(), view.id)
        st.session_state[NOTICE] = f"“{view.name}” is deleted."

    st.text_input("Name", view.name, key=name, on_change=lambda: _try(rename))
    st.toggle("Open at start", is_start, key=at_start, on_change=lambda: _try(choose_start))
    if is_configured():
        st.toggle(SHARE, view.for_everybody, key=shared, on_change=lambda: _try(share))
    st.button("Delete", icon=":material/delete:", key="delete_view", on_click=lambda: _try(delete))


def _take_file(text: str) -> None:
    """Save the views of a file, as far as their addresses can be read."""
    found = [view for view in views_in(text) if view.page in PARAMETERS]
    for view in found:
        pairs = parse_qsl(view.query)
        of_controls = {n: v for n, v in pairs if n in PARAMETERS[view.page]}
        filters, _ = Filters.from_query([pair for pair in pairs if pair[0] not in of_controls])
        if has_code([view.name, *(value for _, value in filters.to_query())]):
            raise NotSaved(A_CODE)
        query = urlencode([*filters.to_query(), *of_controls.items()])
        views.save(person(), view.name, view.page, query)
    st.session_state[NOTICE] = f"{plural(len(found), 'view')} added."


def _try(do: Callable[[], None]) -> None:
    """Do something in a callback, or have the next run say why it cannot be done."""
    st.session_state.pop(NOTICE, None)
    try:
        do()
    except NotSaved as error:
        st.session_state[NOTICE] = str(error)


def _script(view: View) -> str:
    return f"{view.page or 'overview'}.py"
