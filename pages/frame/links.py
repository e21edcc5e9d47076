"""The links to the pages, by sections, each with the filters in force."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.frame.url_state import address, page, parameters
from pages.frame.view_state import ONLY_BY_ADDRESS


def links(
    sections: Mapping[str, Sequence[StreamlitPage]], notes: Mapping[str, str] | None = None
) -> None:
    """Draw the links in the sidebar: the first section, and the others in expanders.

    The one that has the shown page is open. A page that only its own address leads to is listed
    while it is shown. Streamlit's own links lead to a page without filters,
    and only its script could add them: a step back would show everything. `notes` has what stands
    behind a page's title, in Markdown, by the page's path.
    """
    query, notes = parameters(), notes or {}
    (_, first), *others = sections.items()
    with st.sidebar:
        for link in first:
            if link.url_path not in ONLY_BY_ADDRESS:
                note = notes.get(link.url_path, "")
                st.page_link(link, label=f"{link.title} {note}".strip(), query_params=query)
            elif link.url_path == page():
                st.page_link(link, query_params=address())
        for title, pages in others:
            if not pages:
                continue
            is_open = page() in [link.url_path for link in pages]
            with st.expander(title, expanded=is_open, key=f"links_{title}"):
                for link in pages:
                    st.page_link(link, query_params=query)
