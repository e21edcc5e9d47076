"""Lets the key / lead to a search field."""

import streamlit as st

# Not where somebody types: a / belongs to the text there.
FOCUS = """
const TYPED_INTO = 'input, textarea, select, [contenteditable="true"], [role="spinbutton"]';
export default ({ data }) => {
    const pressed = (event) => {
        if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.target.closest?.(TYPED_INTO)) return;
        const field = document.querySelector(`.st-key-${data} input`);
        if (!field) return;
        event.preventDefault();
        field.focus();
        field.select();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
};
"""


def focus_by_slash(key: str) -> None:
    """Watch the keyboard: / puts the cursor into the text field with this key."""
    st.components.v2.component("search_key", js=FOCUS)(key="search_key", data=key)
