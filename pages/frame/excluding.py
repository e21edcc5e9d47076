"""Whether a filter of the sidebar chooses its values or excludes them: "is" or "is not"."""

import streamlit as st

from pages.frame.url_state import SIDE_A, Side, put
from queries.fields import NOT
from queries.filters import BY_NAME

IS, IS_NOT = "is", "is not"


def shown_parameters(name: str, side: Side = SIDE_A) -> tuple[str, ...]:
    """The parameters of a filter that have a widget: the excluding one only where it has values."""
    filters = side.chosen()
    if not filters.texts(name + NOT):
        return (name,)
    return (name, name + NOT) if filters.texts(name) else (name + NOT,)


def is_or_is_not(name: str, side: Side = SIDE_A) -> None:
    """Draw the choice between the two, once the filter has values; not where it has both sorts."""
    filters, key = side.chosen(), side.key(f"is_{name}")
    is_chosen, is_excluded = (bool(filters.texts(n)) for n in (name, name + NOT))
    if is_chosen == is_excluded:
        return
    put(key, IS_NOT if is_excluded else IS)
    st.segmented_control(
        f"{BY_NAME[name].label}: is or is not",
        [IS, IS_NOT],
        required=True,
        key=key,
        label_visibility="collapsed",
        on_change=_turn,
        args=(name, side),
    )


def _turn(name: str, side: Side) -> None:
    filters = side.chosen()
    values, excluded = (tuple(filters.texts(n)) or None for n in (name, name + NOT))
    side.choose(filters.with_(name, excluded).with_(name + NOT, values))
