"""A menu whose entries are what can be done."""

from collections.abc import Callable, Mapping

import streamlit as st


def action_menu(
    label: str, actions: Mapping[str, Callable[[], None]], *, key: str, explained: str
) -> None:
    """Draw the menu, of which each entry does its action in a callback; nothing without actions."""
    if not actions:
        return
    st.menu_button(
        label,
        list(actions),
        key=key,
        icon=":material/more_horiz:",
        type="tertiary",
        help=explained,
        on_click=lambda: actions[str(st.session_state[key])](),
    )
