"""The head of a page: title, notes and filters in words; and the empty states."""

import streamlit as st

from pages.answers.fetch import data_until, fetch
from pages.frame.comparison_chips import chips_of_comparison
from pages.frame.heading import heading
from pages.frame.receipt_note import receipt_note
from pages.frame.url_state import choose, chosen, comparison, parameters, problems
from pages.people.current import person
from pages.text.escape import bold, escaped, shortened
from pages.text.numbers import plural
from queries.filters import BY_NAME, Filters
from queries.text import day

MOST_NAMES = 6  # of one filter in the heading
LONGEST_CHIP = 60  # letters
LONGEST_HEADING = 400  # letters
LIST_GONE = "This list is not known here any more: check it again."
SAMPLE_HELP = (
    "Some anomalies of every check are planted in the sample, most of them in the folder “Planted "
    "oddities”, so that each can be seen to fire on the page To check."
)


def page_head(title: str) -> None:
    """Draw the title, notes and filters. Stops the script where the store is empty."""
    heading(title)
    receipt_note()
    held = fetch("held", Filters()).iloc[0]
    if held["sample_imports"]:
        _to_imports(
            "This is sample data of a made-up chain. Bring your own files on the Imports page; "
            "the sample can be cleared there.",
            ":material/science:",
            SAMPLE_HELP,
        )
    if not held["codes"] and not held["transactions"]:
        _to_imports(
            "Nothing has been imported yet. Drop files of Voucher Manager on the Imports page "
            "to begin.",
            ":material/upload_file:",
        )
        st.stop()
    _chips()


def _to_imports(text: str, icon: str, more: str | None = None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(text, icon=icon)
        if more:
            st.caption("What is odd in it", help=more, width="content")
        if not person().may_open("imports"):
            return
        st.page_link(
            "imports.py",
            label="Imports",
            icon=":material/upload_file:",
            width="content",
            query_params=parameters(),
        )


def _no_such_list() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(LIST_GONE, icon=":material/checklist:")
        if person().may_open("check_list"):
            st.page_link("check_list.py", label="Check a list", icon=":material/checklist:")


def nothing_chosen(codes: int = 0, redemptions: int = 0) -> None:
    """Say what the filters choose where a page has nothing to show. Stops the script."""
    what = "No code and no redemption matches these filters."
    if codes:
        match = "matches" if codes == 1 else "match"
        what = (
            f"No redemptions match these filters, and {plural(codes, 'code')} {match} them. "
            f"Your data end on {day(data_until().date())}."
        )
    if redemptions:
        are = "redemption of a code" if redemptions == 1 else "redemptions of codes"
        here = f"Here {'is' if redemptions == 1 else 'are'} {redemptions:,}"
        what = f"{here} {are} missing from the imported code files."
    if not chosen().to_query():
        st.info(what, icon=":material/upload_file:")
        st.stop()
    st.info(f"{what} Remove one of them above, or start again.", icon=":material/filter_alt_off:")
    st.button("Clear all filters", on_click=lambda: choose(Filters()), key="clear_all_empty")
    st.stop()


def _chips() -> None:
    """Draw the filters in words, each with a button that removes it."""
    for problem in problems():
        st.warning(escaped(problem), icon=":material/link_off:")
    filters, compared = chosen(), comparison()
    for side in (filters, *([compared.choice] if compared else [])):
        if side.list_ and side.listed is None:
            _no_such_list()
            break
    st.markdown(bold(shortened(filters.in_words(MOST_NAMES), LONGEST_HEADING)))
    if chips := filters.chips():
        _chips_of_filters(chips)
    chips_of_comparison()


def _chips_of_filters(chips: dict[str, str]) -> None:
    with st.container(horizontal=True, gap="small"):
        for name, words in chips.items():
            st.button(
                escaped(shortened(words, LONGEST_CHIP)),
                icon=":material/close:",
                key=f"remove_{name}",
                help=f"Remove this filter ({BY_NAME[name].label})",
                on_click=_remove,
                args=(name,),
            )
        st.button(
            "Clear all",
            key="clear_all",
            type="tertiary",
            on_click=lambda: choose(Filters()),
        )


def _remove(name: str) -> None:
    choose(chosen().without(name))
