"""A filter of several values in the sidebar; it offers the values that match all other filters."""

import re

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from pages.frame.url_state import choose, chosen, put
from pages.text.escape import JOINER, visible
from queries.filters import BY_NAME, Filters
from queries.text import normalized

COMPARED = 10_000_000  # codes with prefixes, at most, to count what a prefix chooses
MANY = 1000  # options that are sent to the browser; beyond that the server searches
SEPARATORS = re.compile(r"[,;\t\n]")  # of a list that was pasted
LONGEST_OWN = 40  # letters, and words, of a name that is looked for in longer ones
MOST_WORDS = 4
NOTHING = pd.DataFrame({"value": [], "count": []})
# Between the value and the note of a label. Where the count has changed since, Streamlit returns
# the label as a typed text: so the label holds its value, and nothing is looked up by a label.
END = "\u2063"
OFFERED = "_offered_"  # + the parameter: the values that the widget offers


def list_filter(name: str) -> None:
    """Draw the filter with this URL parameter."""
    search = normalized(st.session_state.get(f"find_{name}") or "") or None
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
    others = chosen().with_(name, None)
    if search or others != chosen():
        found = fetch(f"options_of_{kind}", others, field=name, search=search)
    else:
        found = _by_field(fetch(f"facets_of_{kind}", others)).get(name, NOTHING)
    return _with_codes_that_start_so(found, others) if name == "prefix" else found


def _with_codes_that_start_so(found: pd.DataFrame, others: Filters) -> pd.DataFrame:
    """The prefixes with all codes that choosing them gives; without a count where it takes long.

    A prefix also chooses codes that start so and have another one, or none that is known.
    """
    overlapping = set(fetch("overlapping_prefixes", Filters())["prefix"])
    shared = tuple(value for value in found["value"] if value in overlapping)
    if not shared:
        return found
    counts: dict[str, int | None] = dict(zip(found["value"], found["count"], strict=True))
    counts |= dict.fromkeys(shared)
    if len(shared) * int(fetch("held", Filters())["codes"][0]) <= COMPARED:
        counted = fetch("prefix_counts", others, texts=shared)
        counts |= dict(zip(counted["value"], counted["count"], strict=True))
    return found.assign(count=pd.Series(counts.values(), found.index, object))


@memoized
def _by_field(facets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(field): found for field, found in facets.groupby("field")}


@memoized
def _labels(found: pd.DataFrame) -> dict[str, str]:
    """What the options are called, by their values."""
    shown = _own_before_longer(found[:MANY])
    names = shown["name"] if "name" in found else [None] * len(shown)
    return {
        value: _label(value, _named(name) + _count(count))
        for value, count, name in zip(shown["value"], shown["count"], names, strict=True)
    }


def _own_before_longer(shown: pd.DataFrame) -> pd.DataFrame:
    """Each name before those that begin with it or have its words.

    Enter takes the first option that has what was typed: “SMS”, not “SMS reminder (5)”.
    """
    names = [str(value).casefold() for value in shown["value"]]
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    order: dict[int, None] = {}
    for place, name in enumerate(names):
        parts = {name[:end] for end in range(1, min(len(name), LONGEST_OWN))}
        words = name.split()
        ends = range(1, min(len(words), MOST_WORDS) + 1)
        parts |= {" ".join(words[i : i + n]) for n in ends for i in range(len(words) - n + 1)}
        inside = sorted(parts & places.keys(), key=len)
        order |= dict.fromkeys([*(places[part] for part in inside), place])
    return shown.iloc[list(order)] if list(order) != sorted(order) else shown


def _label(value: str, note: str) -> str:
    return f"{value}{END}{note}"


def _named(name: object) -> str:
    return f" · {visible(name)}" if isinstance(name, str) else ""


def _count(count: int | None) -> str:
    """A count that no typed number matches: a search is meant for the names."""
    return "" if count is None else f" ({JOINER.join(f'{count:,}')})"


def _search_box(name: str) -> None:
    """Where there are more options than a browser should hold, the server searches them."""
    st.text_input(
        f"Find a {BY_NAME[name].label.lower()}",
        key=f"find_{name}",
        placeholder=f"The list has the first {MANY:,}: type a part of a name",
    )


def _choose(name: str) -> None:
    texts = st.session_state[name]
    values = dict.fromkeys(value for text in texts for value in _values(name, text))
    choose(chosen().with_(name, tuple(value for value in values if value) or None))


def _values(name: str, text: str) -> list[str]:
    """The value that an option stands for, or those that a typed text names."""
    if text in st.session_state[f"{OFFERED}{name}"] or text in chosen().texts(name):
        return [text]
    if END in text:
        return [text.rpartition(END)[0]]
    return _typed_values(name, text)


def _typed_values(name: str, text: str) -> list[str]:
    """What a typed text names, or the text; of a list whose parts are all known, each of them."""
    stored = _stored_values(name, normalized(text))
    if stored is None and len(parts := SEPARATORS.split(text)) > 1:
        each = [_stored_values(name, part) for part in map(normalized, parts) if part]
        if None not in each:
            return [value for values in each for value in values or ()]
    return stored or [normalized(text)]


def _stored_values(name: str, typed: str) -> list[str] | None:
    """What is stored under a typed text: what looks the same, else what differs in case only.

    The name of campaigns stands for their IDs. None where nothing is found.
    """
    query = f"options_of_{_kind(name)}"
    found = fetch(query, Filters(), field=name, search=None)
    if len(found) > MANY:
        found = fetch(query, Filters(), field=name, search=typed)
    values = [str(value) for value in found["value"]]
    # Who types cannot tell those that look the same; in another case it is the next best.
    same = [value for value in values if normalized(value) == typed]
    alike = [value for value in values if normalized(value).casefold() == typed.casefold()]
    if same or alike or "name" not in found:
        return same or alike or None
    names = zip(values, found["name"], strict=True)
    return [
        value
        for value, name in names
        if isinstance(name, str) and normalized(name).casefold() == typed.casefold()
    ] or None


def _kind(name: str) -> str:
    return "codes" if BY_NAME[name].chooses == "codes" else "transactions"
