"""What a code is: its group, batch, dates and value, and where else it stands."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from pages.frame.code_lookup import groups_with
from pages.frame.code_page import open_code
from pages.stories.subject import Subject, as_of, parent_of
from pages.text.escape import escaped
from pages.text.numbers import whole
from queries.filters import STATUS_WORDS
from queries.text import moment

NO_FILE = (
    "No codes file has brought this code: what is known of it comes from redemptions that name it."
)
NO_PARENT = "No code of this name has been imported, as far as you may see."
TEXTS = {
    "group_name": "Group",
    "folder": "Folder",
    "batch": "Batch",
    "prefix": "Prefix",
    "start_date": "Start",
    "expiry_date": "Expiry",
    "redemption_type": "Type",
    "redemption_quantity": "Quantity",
    "item_code": "Item code",
    "parent_code": "Parent code",
    "scans": "Times used",
}
WITHOUT = {"start_date": "none, valid from the first", "expiry_date": "never"}


def title(subject: Subject) -> None:
    """Draw the code with its status."""
    st.header(escaped(subject.shown), anchor=False)
    if not subject.rows.stored:
        st.info(NO_FILE, icon=":material/help:")
        return
    status = STATUS_WORDS[subject.facts["status"]]
    st.markdown(f"**{status}**, {as_of()}. Filters do not narrow this page.")


def facts(subject: Subject) -> None:
    """Draw what is known of the code, with the ways to its parent and to other groups."""
    lines = [
        f"**{label}:** {escaped(_text(name, subject.facts[name]))}"
        for name, label in TEXTS.items()
        if name in subject.facts
    ]
    st.markdown("  \n".join(lines))
    _parent(subject)
    others = [group for group in groups_with(subject.name.code) if group != subject.name.group]
    for group in others:
        _way(f"The same code in the group {group}", group, subject.name.code)


def _parent(subject: Subject) -> None:
    """A way to the parent in each group that has it: the code whose redemption issued this one."""
    parent = parent_of(subject)
    if parent is None:
        return
    groups = groups_with(parent)
    for group in groups:
        _way(f"Its parent, in the group {group}", group, parent)
    if not groups:
        st.caption(f"Its parent: {NO_PARENT}")


def _way(label: str, group: str, code: str) -> None:
    st.button(
        escaped(label),
        icon=":material/arrow_forward:",
        key=f"open {label}",
        on_click=open_code,
        args=(group, code),
    )


def _text(name: str, value: Any) -> str:  # noqa: ANN401 - a cell of a result
    if pd.isna(value):
        return WITHOUT.get(name, "–")
    if isinstance(value, datetime):
        return moment(value)
    return str(value) if isinstance(value, str) else whole(float(value))
