"""Whether a filter of the sidebar chooses its values or excludes them: "is" or "is not"."""

import streamlit as st

from pages.frame.url_state import choose, chosen, put
from queries.fields import NOT
from queries.filters import BY_NAME

IS, IS_NOT = "is", "is not"


def shown_parameters(name: str) -> tuple[str, ...]:
    """The parameters of a filter that have a widget: the excluding one only where it has values."""
    if not chosen().texts(name + NOT):
        return (name,)
    return (name, name + NOT) if chosen().texts(name) else (name + NOT,)


def is_or_is_not(name: str) -> None:
    """Draw the choice between the two, once the filter has values; not where it has both sorts."""
    is_chosen, is_excluded = (bool(chosen().texts(n)) for n in (name, name + NOT))
    if is_chosen == is_excluded:
        return
    put(f"is_{name}", IS_NOT if is_excluded else IS)
    st.segmented_control(
        f"{BY_NAME[name].label}: is or is not",
        [IS, IS_NOT],
        required=True,
        key=f"is_{name}",
        label_visibility="collapsed",
        on_change=_turn,
        args=(name,),
    )


def _turn(name: str) -> None:
    filters = chosen()
    values, excluded = (tuple(filters.texts(n)) or None for n in (name, name + NOT))
    choose(filters.with_(name, excluded).with_(name + NOT, values))
