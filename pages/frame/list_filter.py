"""A filter of several values in the sidebar; it offers the values that match all other filters."""

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from pages.frame.url_state import choose, chosen, put
from pages.text.escape import JOINER, visible
from queries.filters import BY_NAME, Filters
from queries.text import normalized

MANY = 1000  # options that are sent to the browser; beyond that the server searches
NOTHING = pd.DataFrame({"value": [], "count": []})
# Between the value and the note of a label. Where the count has changed since, Streamlit returns
# the label as a typed text: so the label holds its value, and nothing is looked up by a label.
END = "\u2063"
OFFERED = "_offered_"  # + the parameter: the values that the widget offers


def list_filter(name: str) -> None:
    """Draw the filter with this URL parameter."""
    search = st.session_state.get(f"find_{name}") or None
    found = _options(name, search)
    if search or len(found) > MANY:
        _search_box(name)
    labels = _labels(found)
    values = chosen().texts(name)
    put(name, values)
    st.session_state[f"{OFFERED}{name}"] = labels
    st.multiselect(
        BY_NAME[name].label,
        [*labels, *(value for value in values if value not in labels)],
        key=name,
        format_func=lambda value: labels.get(value, _label(value, "")),
        help=BY_NAME[name].help,
        placeholder="All",
        accept_new_options=True,
        filter_mode="contains",
        select_all=False,
        on_change=_choose,
        args=(name,),
    )


def _options(name: str, search: str | None) -> pd.DataFrame:
    """The values that a filter offers under all other filters: one row per value."""
    kind = _kind(name)
    if search or chosen().texts(name):
        others = chosen().with_(name, None)
        return fetch(f"options_of_{kind}", others, field=name, search=search)
    return _by_field(fetch(f"facets_of_{kind}", chosen())).get(name, NOTHING)


@memoized
def _by_field(facets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(field): found for field, found in facets.groupby("field")}


@memoized
def _labels(found: pd.DataFrame) -> dict[str, str]:
    """What the options are called, by their values."""
    shown = found[:MANY]
    names = shown["name"] if "name" in found else [None] * len(shown)
    return {
        value: _label(value, f"{_named(name)} ({_count(count)})")
        for value, count, name in zip(shown["value"], shown["count"], names, strict=True)
    }


def _label(value: str, note: str) -> str:
    return f"{value}{END}{note}"


def _named(name: object) -> str:
    return f" · {visible(name)}" if isinstance(name, str) else ""


def _count(count: int) -> str:
    """A count that no typed number matches: a search is meant for the names."""
    return JOINER.join(f"{count:,}")


def _search_box(name: str) -> None:
    """Where there are more options than a browser should hold, the server searches them."""
    st.text_input(
        f"Find a {BY_NAME[name].label.lower()}",
        key=f"find_{name}",
        placeholder="Type a part of it",
    )


def _choose(name: str) -> None:
    values = dict.fromkeys(_value(name, text) for text in st.session_state[name])
    choose(chosen().with_(name, tuple(value for value in values if value) or None))


def _value(name: str, text: str) -> str:
    """The value that an option stands for, or that a typed text names."""
    if text in st.session_state[f"{OFFERED}{name}"] or text in chosen().texts(name):
        return text
    if END in text:
        return text.rpartition(END)[0]
    return _stored_value(name, text)


def _stored_value(name: str, typed: str) -> str:
    """The stored value equal to a typed text but for case and invisible characters, or the text."""
    typed = normalized(typed)
    found = fetch(f"options_of_{_kind(name)}", Filters(), field=name, search=typed or None)
    values = [str(value) for value in found["value"]]
    if typed in values:
        return typed
    alike = [value for value in values if normalized(value).casefold() == typed.casefold()]
    return alike[0] if len(alike) == 1 else typed


def _kind(name: str) -> str:
    return "codes" if BY_NAME[name].chooses == "codes" else "transactions"
