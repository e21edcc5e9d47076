"""What the filters in force are compared with, in words: with a button for each part of it."""

import streamlit as st

from pages.frame.comparing import second_choice, why_not
from pages.frame.url_state import SIDE_B, compare, comparison
from pages.text.escape import bold, escaped, shortened
from queries.comparison import CHOICE, WAYS
from queries.filters import BY_NAME

MOST_NAMES = 6  # of one filter
LONGEST_CHIP = 60  # letters
LONGEST_WORDS = 200  # letters


def chips_of_comparison() -> None:
    """Draw what is compared, or why it cannot be; nothing without a comparison."""
    compared = comparison()
    if compared is None:
        return
    second = second_choice()
    words = second.in_words(MOST_NAMES) if second else WAYS[compared.way]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"Compared with {bold(shortened(words, LONGEST_WORDS))}", width="content")
        for name, chip in compared.choice.chips().items() if compared.way == CHOICE else ():
            st.button(
                escaped(shortened(chip, LONGEST_CHIP)),
                icon=":material/close:",
                key=f"remove_{SIDE_B.key(name)}",
                help=f"Remove this filter of the second choice ({BY_NAME[name].label})",
                on_click=_remove,
                args=(name,),
            )
        st.button(
            "Stop comparing" if compared.way == CHOICE else WAYS[compared.way],
            icon=":material/close:",
            key="stop_comparing",
            help="Compare with nothing",
            on_click=lambda: compare(None),
        )
    if not second:
        st.info(why_not(), icon=":material/compare_arrows:")


def _remove(name: str) -> None:
    SIDE_B.choose(SIDE_B.chosen().without(name))
