"""Offers to clear the sample data before real files come."""

import pandas as pd
import streamlit as st

from data import audited, owner
from data.store.errors import Refused, StoreUnavailable
from pages.people.current import person, require
from pages.people.person import Right
from pages.text.escape import escaped


def sample_choice(held: pd.Series) -> bool:
    """Offer to clear the sample data. Returns whether the next import clears it."""
    if not held["sample_imports"]:
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.checkbox(
            "Clear the sample data first", value=not held["own_imports"], key="clear_first"
        )
        st.button(
            "Clear it now",
            key="clear_sample",
            type="tertiary",
            on_click=_clear_sample,
        )
    return wanted


def _clear_sample() -> None:
    require(Right.IMPORT)
    try:
        audited.clear_sample(owner.store(), person().name)
    except (Refused, StoreUnavailable) as error:
        st.error(
            f"{escaped(str(error))} Nothing has changed.", title="The sample data is still there"
        )
