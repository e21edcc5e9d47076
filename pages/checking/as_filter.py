"""A checked list as a filter of all pages, and what the list itself is looked up among."""

import streamlit as st

from pages.frame.url_state import choose, chosen
from pages.people.lists import KeptList
from queries.filters import Filters

HELP = (
    "Every page then counts the codes of the list and their redemptions alone, beside your other "
    "filters. Unknown codes choose nothing; a code of several groups is chosen in each. The list "
    "works for you alone, until the app is started again or you have brought several others."
)


def without_itself(filters: Filters, kept: KeptList) -> Filters:
    """The filters without the list: among its own codes alone, it would have no near miss."""
    if filters.list_ != kept.key:
        return filters
    others = filters.with_("list", None)
    return others if others.has_rest() else others.with_("rest", None)


def use_as_filter(kept: KeptList) -> None:
    """Draw the button that puts the list in force, or say that it is."""
    if chosen().list_ == kept.key:
        st.caption(
            "Every page counts the codes of this list alone, until you remove the filter above. "
            "Here the list is looked up among all codes that your other filters choose."
        )
        return
    st.button(
        "Use this list as a filter",
        icon=":material/filter_alt:",
        key="use_list",
        help=HELP,
        on_click=lambda: choose(chosen().with_("list", kept.key)),
    )
