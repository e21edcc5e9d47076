"""The controls above the audit log: event, person, days and text."""

from datetime import date, timedelta

import streamlit as st

from data.store.audit import Choice, Event
from pages.answers.recording import fingerprint
from queries.fields import FIRST_DAY, LAST_DAY

DAYS = 30  # that are chosen at first


def choice() -> Choice:
    """Draw the controls. Returns which entries are chosen. Raises NotRecorded without a key."""
    today = date.today()
    event, who, days, text = st.columns([3, 2, 3, 3], gap="small", vertical_alignment="bottom")
    events = event.multiselect(
        "Event",
        list(map(str, Event)),
        format_func=str.capitalize,
        key="audit_events",
        placeholder="All",
    )
    name = who.text_input("Who", key="audit_who", placeholder="A part of the name")
    chosen = days.date_input(
        "Days",
        (today - timedelta(days=DAYS - 1), today),
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        key="audit_days",
        format="DD/MM/YYYY",
    )
    part = text.text_input(
        "Text",
        key="audit_text",
        placeholder="A part of an entry, or a code",
        help="A whole code finds who has searched for it.",
        icon=":material/search:",
    ).strip()
    first, last = _first_and_last(chosen)
    digest = fingerprint(part) if part else ""
    return Choice(frozenset(events), name.strip(), first, last, part, digest)


def _first_and_last(days: object) -> tuple[date | None, date | None]:
    """The days of the range, of which the last may not be chosen yet."""
    first, last, *_ = (*days, None, None) if isinstance(days, tuple) else (None, None)
    return first, last
