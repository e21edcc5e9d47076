"""Links from the notes of an import to the checks, which have the rows of all imports."""

from collections.abc import Iterable

import streamlit as st

from pages.tables.checks import BY_NAME, OF_NOTES


def links_to_checks(kinds: Iterable[str]) -> None:
    """Draw a link to each check that notes of these kinds are about."""
    names = dict.fromkeys(OF_NOTES[kind] for kind in kinds if kind in OF_NOTES)
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("To check, over all imports:", width="content")
        for name in names:
            st.page_link(
                "to_check.py",
                label=BY_NAME[name].title,
                icon=":material/rule:",
                query_params={"check": name},
                width="content",
            )
