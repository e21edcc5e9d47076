"""A filter of several values in the sidebar, offering what the other filters leave."""

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from pages.frame.url_state import choose, chosen, put
from queries.filters import BY_NAME

MANY = 1000  # options that are sent to the browser; beyond that the server searches
NOTHING = pd.DataFrame({"value": [], "count": []})


def list_filter(name: str) -> None:
    """Draw the filter with this URL parameter."""
    search = _search_box(name)
    found = _options(name, search)
    st.session_state[f"_many_{name}"] = bool(search) or len(found) > MANY
    labels, values = _labelled(found)
    _values(name).update(values)
    now_chosen = chosen().texts(name)
    options = [*labels, *(value for value in now_chosen if value not in labels)]
    put(name, now_chosen)
    st.multiselect(
        BY_NAME[name].label,
        options,
        key=name,
        format_func=lambda value: labels.get(value, value),
        help=BY_NAME[name].help,
        placeholder="All",
        accept_new_options=True,
        select_all=False,
        on_change=_take_several,
        args=(name,),
    )


def _options(name: str, search: str | None) -> pd.DataFrame:
    """What a filter can be narrowed to by what the others leave: one row per value."""
    kind = "codes" if BY_NAME[name].chooses == "codes" else "transactions"
    if search or chosen().texts(name):
        others = chosen().with_(name, None)
        return fetch(f"options_of_{kind}", others, field=name, search=search)
    return _by_field(fetch(f"facets_of_{kind}", chosen())).get(name, NOTHING)


@memoized
def _by_field(facets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(field): found for field, found in facets.groupby("field")}


@memoized
def _labelled(found: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """The options as people read them, by value; and back again."""
    shown = found[:MANY]
    names = shown["name"] if "name" in found else [None] * len(shown)
    labels = {
        value: f"{value} · {name} ({count:,})" if isinstance(name, str) else f"{value} ({count:,})"
        for value, count, name in zip(shown["value"], shown["count"], names, strict=True)
    }
    return labels, {label: value for value, label in labels.items()}


def _search_box(name: str) -> str | None:
    """Where there are more options than a browser should hold, the server searches them."""
    if not st.session_state.get(f"_many_{name}"):
        return None
    return (
        st.text_input(
            f"Find a {BY_NAME[name].label.lower()}",
            key=f"find_{name}",
            placeholder="Type a part of it",
        )
        or None
    )


def _take_several(name: str) -> None:
    texts = st.session_state[name]
    # A label comes back as text when its count has changed in the meantime.
    values = tuple(dict.fromkeys(_values(name).get(text, text) for text in texts))
    choose(chosen().with_(name, values or None))


def _values(name: str) -> dict[str, str]:
    """The values of all options that this tab was offered, by their labels."""
    values: dict[str, str] = st.session_state.setdefault(f"_values_{name}", {})
    return values
