"""Links to what imports have changed: since Monday, on each page, and since one of them."""

import streamlit as st

from pages.frame.since_window import last_monday
from pages.frame.url_state import page, parameters
from pages.people.current import person
from pages.text.numbers import plural

PATH = "since"
ICON = ":material/update:"


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
        icon=ICON,
        query_params=parameters(),
        help="New, redeemed, cancelled, changed and gone codes since the Monday of the newest "
        "import's week",
    )


def link_since_import(import_id: int, label: str) -> None:
    """Draw a link to what this import and all after it have changed."""
    query = parameters() | {"import": [str(import_id)]}
    st.page_link(f"{PATH}.py", label=label, icon=ICON, query_params=query)
