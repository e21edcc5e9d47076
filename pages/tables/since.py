"""The codes under each heading of what changed, and the imports that changed them."""

import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.recording import codes_revealed
from pages.frame.pin import pin_button
from pages.frame.since_window import Window
from pages.frame.url_state import chosen
from pages.frame.view_state import keep
from pages.people.current import person, without
from pages.people.person import Right
from pages.tables.columns import IMPORTS_SINCE, SINCE
from pages.tables.paging import pages
from pages.text.addresses import since_url
from pages.text.numbers import plural, whole
from queries.downloading.formats import FORMATS
from queries.filters import STATUS_WORDS, Filters
from queries.notebooks.pinning import Pin


def imports_since(window: Window) -> None:
    """Draw which imports are summed up, for those who see all rows."""
    if person().access.is_limited:
        st.caption("Of the groups and folders that you see.")
        return
    found = fetch("imports_since", Filters(), **window.values)
    with st.expander(f"{plural(len(found), 'import')} {window.in_words}", expanded=False):
        st.dataframe(
            found,
            hide_index=True,
            column_config=IMPORTS_SINCE,
            placeholder="",
            alt="The imports that are summed up, the latest first",
        )


def codes_since(window: Window, counts: dict[str, int], labels: dict[str, str]) -> None:
    """Draw the codes of one heading of those that have any, with links to their files."""
    offered = [heading for heading, count in counts.items() if count]
    picked = st.segmented_control(
        "What changed",
        offered,
        required=True,
        format_func=lambda name: f"{labels[name]} ({whole(counts[name])})",
        key=keep("change", offered[0], offered, elsewhere=list(counts)),
    )
    heading = picked or offered[0]

    def rows(offset: int) -> None:
        codes_revealed("Since last Monday")
        page = fetch("since_rows", chosen(), **window.values, change=heading, offset=offset)
        st.dataframe(
            page.assign(status=page["status"].map(STATUS_WORDS)),
            hide_index=True,
            column_config=SINCE,
            placeholder="",
            alt=f"{labels[heading]}, one code per row",
            key="rows_since",
        )

    pages("since_page", counts[heading], rows, heading, window, chosen())
    _files(window, heading, counts[heading])
    values = {**window.values, "change": heading}
    pin_button(
        Pin("chart", "codes_since", "since_rows", f"{labels[heading]} {window.in_words}", values)
    )


def _files(window: Window, heading: str, rows: int) -> None:
    """One link per format, to the route that writes all codes of the heading."""
    if not person().may(Right.DOWNLOAD_ROWS):
        st.caption(without(person(), Right.DOWNLOAD_ROWS))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for form, kind in FORMATS.items():
            st.link_button(
                f"{kind.label} ({plural(rows, 'row')})",
                since_url(chosen(), form, {**window.parameters, "change": heading}),
                icon=":material/download:",
                key=f"codes_since_{form}",
            )
