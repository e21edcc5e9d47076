"""The link in the heading of each page to what the imports since Monday have changed."""

import streamlit as st

from pages.frame.since_window import last_monday
from pages.frame.url_state import page, parameters
from pages.people.current import person
from pages.text.numbers import plural

PATH = "since"


def since_link() -> None:
    """Draw the link, where there is an import and the page is another one."""
    if page() == PATH or not person().may_open(PATH):
        return
    monday, imports = last_monday()
    if monday is None:
        return
    what = "Changes" if imports is None else plural(imports, "import")
    st.page_link(
        f"{PATH}.py",
        label=f"{what} since Monday, {monday.day} {monday:%b}",
        icon=":material/update:",
        query_params=parameters(),
        help="New, redeemed, cancelled, changed and gone codes since the Monday of the newest "
        "import's week",
    )
