"""Which of two compared choices the rows and the file of a page are of."""

import streamlit as st

from pages.frame.comparing import A, B, names, second_choice
from pages.frame.url_state import chosen
from pages.frame.view_state import keep
from pages.text.escape import visible
from queries.filters import Filters


def choice_of_rows() -> Filters:
    """The filters in force; where they are compared, draws a control that leads to the others."""
    second = second_choice()
    if second is None:
        return chosen()
    called = dict(zip((A, B), names(second), strict=True))
    of = st.segmented_control(
        "Rows and file of",
        [A, B],
        required=True,
        format_func=lambda side: visible(called[side]),
        key=keep("of", A, (A, B)),
    )
    return second if of == B else chosen()
