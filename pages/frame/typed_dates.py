"""Lets Enter and Tab apply a typed date: Streamlit's own field waits until it is left."""

import streamlit as st

# Leaving the field applies a date only once its calendar is closed.
APPLY = """
const FIELD = '[data-testid="stDateInput"]';
const leave = (element) => {
    element.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape", bubbles: true}));
    setTimeout(() => {
        const field = document.activeElement.closest(FIELD);
        document.activeElement.blur();
        [...(field?.querySelectorAll("button") ?? [])].at(-1)?.focus();
    }, 100);
};
const pressed = (event) => {
    const segment = event.target;
    if (segment.getAttribute("role") !== "spinbutton" || !segment.closest(FIELD)) return;
    const segments = [...segment.closest(FIELD).querySelectorAll('[role="spinbutton"]')];
    const leaves = event.key === "Tab" && !event.shiftKey && segment === segments.at(-1);
    if (event.key === "Enter" || leaves) {
        event.preventDefault();
        leave(segment);
    }
};
export default () => {
    document.addEventListener("keydown", pressed, true);
    return () => document.removeEventListener("keydown", pressed, true);
};
"""


def apply_typed_dates() -> None:
    """Watch the keyboard in all date fields of the page."""
    st.components.v2.component("typed_dates", js=APPLY)(key="typed_dates")
