"""New notebooks from a template: asks for a folder, a period and pilots where it has any."""

from datetime import date, timedelta

import streamlit as st

from data.store.notebook_text import NotSaved
from pages.answers.fetch import today
from pages.cells.opening import switch_to
from pages.frame.date_filters import presets
from pages.frame.options import options
from pages.frame.url_state import chosen
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from pages.text.escape import escaped, visible
from queries.filters import Filters
from queries.notebooks.templates import NotFilledIn, Template, new_from, templates

FREE = "Free choice"
ALL_FOLDERS = "All folders"
PILOTS = {"group": "Groups", "batch": "Batches"}
PROBLEM = "_template_problem"


def from_template() -> None:
    """Draw the templates, and what the chosen one asks for."""
    if not notebooks.may_create(person()):
        return
    with st.expander("New from template", icon=":material/auto_stories:", key="from_template"):
        offered = {template.key: template for template in templates()}
        key = st.selectbox(
            "Template", list(offered), format_func=lambda one: offered[one].title, key="template"
        )
        template = offered[key]
        st.caption(escaped(template.says))
        with st.container(horizontal=True, gap="small"):
            _folder()
            _period()
        if template.has_pilots:
            _pilots()
        st.button(
            "Make the notebook",
            icon=":material/add:",
            key="make_from_template",
            on_click=lambda: _make(template),
        )
        if problem := st.session_state.pop(PROBLEM, None):
            st.warning(escaped(problem))


def _folder() -> None:
    folders = [str(name) for name in options("folder", None, Filters())["value"]]
    own = next(iter(chosen().texts("folder")), ALL_FOLDERS)
    offered = [ALL_FOLDERS, *folders]
    st.selectbox(
        "Reporting folder",
        offered,
        index=offered.index(own) if own in offered else 0,
        format_func=visible,
        key="template_folder",
        width=260,
    )


def _period() -> None:
    offered = {"Last whole week": _last_week(today()), **presets(today())}
    st.selectbox("Period", [*offered, FREE], key="template_period", width=220)
    if st.session_state["template_period"] == FREE:
        for name, label in (("template_from", "From"), ("template_to", "To")):
            st.date_input(label, None, key=name, format="DD/MM/YYYY", width=160)


def _pilots() -> None:
    """Two groups or batches of the folder."""
    folder = st.session_state["template_folder"]
    within = Filters(folder=None if folder == ALL_FOLDERS else (folder,))
    with st.container(horizontal=True, gap="small"):
        by = st.segmented_control(
            "The pilots are",
            list(PILOTS),
            format_func=PILOTS.__getitem__,
            default="group",
            required=True,
            key="template_by",
        )
        names = [str(name) for name in options(by or "group", None, within)["value"]]
        for number, key in enumerate(("pilot_a", "pilot_b")):
            st.selectbox(
                f"Pilot {'AB'[number]}",
                names,
                index=min(number, len(names) - 1) if names else None,
                format_func=visible,
                key=key,
                width=220,
            )


def _last_week(last: date) -> tuple[date | None, date | None]:
    """The last week from Monday to Sunday that the data have whole."""
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return sunday - timedelta(days=6), sunday


def _make(template: Template) -> None:
    state = st.session_state
    offered = {"Last whole week": _last_week(today()), **presets(today())}
    first, last = offered.get(
        state["template_period"], (state.get("template_from"), state.get("template_to"))
    )
    folder = None if state["template_folder"] == ALL_FOLDERS else state["template_folder"]
    pair = None
    if template.has_pilots and state.get("pilot_a") and state.get("pilot_b"):
        pair = (state["pilot_a"], state["pilot_b"])
    try:
        by = state.get("template_by") or "group"
        text = new_from(template.key, folder, first, last, pair, by)
        title = f"{template.title}, {folder}" if folder else template.title
        switch_to(notebooks.create(person(), title, text))
    except (NotFilledIn, NotSaved) as error:
        state[PROBLEM] = str(error)
