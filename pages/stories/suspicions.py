"""What is worth a look at one code, and what would be innocent."""

from collections.abc import Iterator

import streamlit as st

from pages.answers.fetch import fetch
from pages.frame.code_lookup import rows_with_file
from pages.frame.url_state import parameters
from pages.stories.subject import Subject, parent_of
from pages.tables.checks import BY_NAME, MINUTES

NOTHING = "Nothing: no check finds this code."
FOUND = "Suspicion is not proof: each says what would be innocent."
NOT_HERE = (
    f"Redemptions within {MINUTES} minutes count as near to each other. Circles of parents and "
    "sites far from the rest are not told by one code: they stand on the page To check."
)


def suspicions(subject: Subject) -> None:
    """Draw which checks find the code."""
    names = [*_by_its_rows(subject), *_by_its_parent(subject)]
    st.caption(FOUND if names else NOTHING)
    for name in names:
        check = BY_NAME[name]
        st.markdown(
            f"**{check.title}.** {check.meaning} *What would be innocent:* {check.innocent}"
        )
    st.caption(NOT_HERE)
    st.page_link(
        "to_check.py", label="All checks", icon=":material/rule:", query_params=parameters()
    )


def _by_its_rows(subject: Subject) -> Iterator[str]:
    found = fetch(
        "code_to_check",
        subject.rows.among,
        **subject.values,
        stored=subject.rows.stored,
        minutes=MINUTES,
    )
    yield from found["check"]


def _by_its_parent(subject: Subject) -> Iterator[str]:
    if parent := parent_of(subject):
        yield from fetch("parent_to_check", rows_with_file(parent).among, code=parent)["check"]
