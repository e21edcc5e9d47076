"""The codes that were issued because a code was redeemed (bounceback)."""

import streamlit as st

from pages.answers.fetch import fetch
from pages.stories.subject import Subject, as_chosen, as_of
from pages.tables.columns import CHILDREN
from pages.tables.open_rows import HIDDEN, RowOpener
from pages.text.numbers import plural
from queries.filters import STATUS_WORDS, Filters

MOST = 100  # on the screen
NONE = "No code has this one as its parent: its redemption issued none, or none is imported."


def children(subject: Subject) -> None:
    """Draw the children, each with its status; a row opens its page."""
    found = fetch("code_children", as_chosen(Filters()), code=subject.name.code, most=MOST)
    if found.empty:
        st.caption(NONE)
        return
    count = int(found["children"][0])
    first = f" Here are the first {MOST}." if count > len(found) else ""
    st.caption(
        f"{plural(count, 'code')} with this one as parent, in any group, {as_of()}.{first} "
        "The box before a row opens the page of its code."
    )
    opener = RowOpener("rows_children", found)
    st.dataframe(
        found.drop(columns=[*HIDDEN, "children"]).assign(status=found["status"].map(STATUS_WORDS)),
        hide_index=True,
        column_config=CHILDREN,
        placeholder="",
        alt="The codes whose parent this code is",
        key="rows_children",
        on_select=opener.by_click,
        selection_mode="single-row",
    )
    opener.by_keyboard()
