"""The checks on the parents of bouncebacks: how often each finds something, and a link to it."""

import streamlit as st

from pages.answers.fetch import fetch
from pages.frame.url_state import chosen, parameters
from pages.frame.view_state import keep
from pages.people.current import person
from pages.tables.checks import BY_NAME
from pages.text.escape import escaped
from pages.text.numbers import whole

PAGE = "to_check"


def parent_checks() -> None:
    """Draw them in an expander; they are fetched once it is open."""
    key = keep("checks", False, (False, True), key="parent_checks")
    expander = st.expander("Checks on parents", key=key, on_change="rerun")
    if not expander.open:
        return
    found = fetch("parent_checks", chosen())
    with expander:
        for name, codes in zip(found["check"], found["codes"], strict=True):
            _check(str(name), int(codes))


def _check(name: str, codes: int) -> None:
    check = BY_NAME[name]
    label = f"{check.title}: {whole(codes)}"
    if person().may_open(PAGE):
        st.page_link(
            f"{PAGE}.py",
            label=label,
            icon=":material/rule:",
            width="content",
            query_params=parameters() | {"check": [name]},
        )
    else:
        st.markdown(label)
    st.caption(escaped(f"{check.meaning} What would be innocent: {check.innocent}"))
