"""What happened to a code, event by event."""

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from pages.stories.subject import Subject
from pages.tables.columns import STORY
from pages.text.definitions import CODE_STORY
from pages.text.escape import escaped
from pages.text.numbers import plural, whole
from queries.engine.texts import sql
from queries.text import moment

MOST = 1000  # events on the screen
REDEEMED = ("redeemed", "redeemed again")


def story(subject: Subject) -> None:
    """Draw the events as a table, with a sentence that reads them."""
    found = fetch(
        "code_story",
        subject.rows.among,
        **subject.values,
        most=MOST + 1,
        stored=subject.rows.stored,
    )
    st.caption(escaped(_too_many(subject) if len(found) > MOST else reading(found)))
    if not found.empty:
        st.dataframe(
            table(found)[:MOST],
            hide_index=True,
            column_config=STORY,
            placeholder="",
            alt="What happened to the code, oldest first",
            key="rows_story",
        )
    with st.popover("How is this counted?", icon=":material/function:", key="how_code_story"):
        st.write(CODE_STORY)
        st.code(sql("code_story"), language="sql", wrap_lines=True)


@memoized
def reading(events: pd.DataFrame) -> str:
    """How often the code was redeemed and cancelled, and when last, in a sentence."""
    uses = events[events["event"].isin(REDEEMED)]
    if uses.empty:
        return "It has not been redeemed so far."
    cancelled = int((events["event"] == "cancelled").sum())
    of_them = "it" if len(uses) == 1 else f"{whole(cancelled)} of them"
    and_cancelled = f"; {of_them} {'was' if cancelled == 1 else 'were'} cancelled later"
    when = "on" if len(uses) == 1 else "the last time on"
    times = "once" if len(uses) == 1 else f"{whole(len(uses))} times"
    return (
        f"Redeemed {times}, {when} {moment(uses['time'].iloc[-1])}"
        f"{and_cancelled if cancelled else ''}."
    )


@memoized
def table(events: pd.DataFrame) -> pd.DataFrame:
    """One row per event, as the screen has it."""
    return events.assign(event=events["event"].str.capitalize())


def _too_many(subject: Subject) -> str:
    return (
        f"Used {plural(subject.facts['scans'], 'time')}, without what was cancelled. "
        f"Here are the first {MOST:,} events."
    )
