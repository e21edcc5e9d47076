"""The versions of a notebook: when it was saved, by whom, what differs, and the way back."""

from functools import partial

import streamlit as st

from data.store.notebook_text import NotSaved
from data.store.notebook_versions import Version
from pages.cells.opened import Opened
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from pages.text.escape import escaped, visible
from queries.notebooks.differences import as_text, differences, in_words
from queries.text import moment


def show_versions(known: Opened) -> None:
    """Draw the versions; the chosen one beside the text as it is."""
    try:
        versions = {one.number: one for one in notebooks.versions(person(), known.name)}
    except NotSaved as error:
        st.caption(escaped(str(error)))
        return
    if not versions:
        st.caption("The app has not saved this notebook yet: it has no versions.")
        return
    number = st.selectbox(
        "Version",
        list(versions),
        format_func=lambda one: _called(versions[one]),
        key="version",
    )
    try:
        text = notebooks.version(person(), known.name, number)
    except NotSaved as error:  # it has been swept, or is not for this person any more
        st.caption(escaped(str(error)))
        return
    lines = differences(text, known.kept.text)
    if not lines:
        st.caption("This is the text as it is.")
        return
    st.caption(f"Since this version: {in_words(lines)}.")
    st.code(as_text(lines), language="diff", wrap_lines=True)
    st.button(
        "Go back to this version",
        icon=":material/settings_backup_restore:",
        key="go_back",
        on_click=partial(known.go_back, text),
        help="The text as it is stays among the versions",
    )


def _called(version: Version) -> str:
    saved = version.moment.astimezone().replace(tzinfo=None)
    who = version.who or "outside the app"
    return visible(f"{version.number}: {moment(saved)}, {who}")  # several of a minute differ
