"""A filter of several values in the sidebar; it offers the values that match all other filters."""

import streamlit as st

from pages.frame.excluding import is_or_is_not, shown_parameters
from pages.frame.option_labels import END, label, labels_of
from pages.frame.options import MANY, options
from pages.frame.typed_codes import leave_out, say_what_was_left_out, without_codes
from pages.frame.typed_names import typed_values
from pages.frame.url_state import SIDE_A, Side, put
from queries.filters import BY_NAME
from queries.text import normalized

OF_A_COPY = "It begins with the values of the first choice; the first one you add replaces them."
OFFERED = "_offered_"  # + the widget's key: the values that the widget offers


def list_filter(name: str, side: Side = SIDE_A) -> None:
    """Draw the filter with this URL parameter, and what it excludes."""
    for parameter in shown_parameters(name, side):
        _values_of(parameter, side)
    is_or_is_not(name, side)


def _values_of(name: str, side: Side) -> None:
    key, filters = side.key(name), side.chosen()
    search = normalized(st.session_state.get(f"find_{key}") or "") or None
    found = options(name, search, filters)
    if search or len(found) > MANY:
        _search_box(name, f"find_{key}")
    labels = labels_of(found)
    values = filters.texts(name)
    put(key, values)
    st.session_state[f"{OFFERED}{key}"] = labels
    st.multiselect(
        BY_NAME[name].label,
        [*labels, *(value for value in values if value not in labels)],
        key=key,
        format_func=lambda value: labels.get(value, label(value)),
        help=_help(name, side),
        placeholder="None" if BY_NAME[name].excludes else "All",
        accept_new_options=True,
        filter_mode="contains",
        select_all=False,
        on_change=_choose,
        args=(name, side),
    )
    say_what_was_left_out(key)


def _help(name: str, side: Side) -> str | None:
    field = BY_NAME[name]
    if side == SIDE_A or field.excludes:
        return field.help
    return f"{field.help} {OF_A_COPY}" if field.help else OF_A_COPY


def _search_box(name: str, key: str) -> None:
    """Where there are more options than a browser should hold, the server searches them."""
    st.text_input(
        f"Find a {BY_NAME[name].label.lower()}",
        key=key,
        placeholder=f"The list has the first {MANY:,}: type a part of a name",
    )


def _choose(name: str, side: Side) -> None:
    left_out: list[str] = []
    alone = False
    values: dict[str, None] = {}
    for text in st.session_state[side.key(name)]:
        found, codes = _values(name, text, side)
        values |= dict.fromkeys(found)
        left_out += codes
        alone |= bool(codes) and not found
    leave_out(side.key(name), left_out, alone=alone and len(left_out) == 1)
    named = _instead_of_a_copy(name, [value for value in values if value], side)
    side.choose(side.chosen().with_(name, tuple(named) or None))


def _instead_of_a_copy(name: str, values: list[str], side: Side) -> list[str]:
    """The values; of a second choice the added ones alone, where the others are a copy of A's.

    Or a comparison with another group would be one with both. What is excluded may grow.
    """
    if BY_NAME[name].excludes or not side.is_copy(name):
        return values
    before = side.chosen().texts(name)
    return [value for value in values if value not in before] or values


def _values(name: str, text: str, side: Side) -> tuple[list[str], list[str]]:
    """The value that an option stands for, or those that a typed text names; and its codes."""
    offered = st.session_state[f"{OFFERED}{side.key(name)}"]
    if text in offered or text in side.chosen().texts(name):
        return [text], []
    if END in text:
        return [text.rpartition(END)[0]], []
    rest, codes = without_codes(name, text)
    return (typed_values(name, rest) if rest else []), codes
