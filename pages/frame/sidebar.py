"""The filters' widgets in the sidebar."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from pages.answers.run_log import today
from pages.frame.url_state import choose, chosen
from queries.filters import BY_NAME, STATUS_WORDS, STATUSES, YES_OR_NO

MANY = 1000  # options that are sent to the browser; beyond that the server searches
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
FREE = "Free choice"
NOTHING = pd.DataFrame({"value": [], "count": []})


def sidebar() -> None:
    """Draw the filters, each offering what the others leave."""
    with st.sidebar:
        for name in ("folder", "group", "prefix", "batch"):
            _several(name)
        _period()
        for name in ("campaign", "site", "type", "item"):
            _several(name)
        _status()
        _cancelled()
        _day("asof", chosen().asof)


def presets(day: date) -> dict[str, tuple[date | None, date | None]]:
    """The periods on offer, as first and last day."""
    month = day.replace(day=1)
    last_month = month - timedelta(days=1)
    return {
        "All time": (None, None),
        "Last 7 days": (day - timedelta(days=6), day),
        "Last 28 days": (day - timedelta(days=27), day),
        "Last 90 days": (day - timedelta(days=89), day),
        "This month": (month, day),
        "Last month": (last_month.replace(day=1), last_month),
        "This year": (day.replace(month=1, day=1), day),
    }


def _several(name: str) -> None:
    search = _search_box(name)
    found = _options(name, search)
    st.session_state[f"_many_{name}"] = bool(search) or len(found) > MANY
    labels, values = _labelled(found)
    _values(name).update(values)
    now_chosen = chosen().texts(name)
    options = [*labels, *(value for value in now_chosen if value not in labels)]
    _put(name, now_chosen)
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


def _period() -> None:
    filters, offered = chosen(), presets(today())
    current = (filters.from_, filters.to)
    named = next((name for name, ends in offered.items() if ends == current), FREE)
    _put("period", named)
    st.selectbox("Period", [*offered, FREE], key="period", on_change=_take_period)
    with st.container(horizontal=True, gap="small"):
        for name, value in (("from", filters.from_), ("to", filters.to)):
            _day(name, value)
    if filters.from_ and filters.to and filters.from_ > filters.to:
        st.warning("The period ends before it begins, so it holds no redemption.")


def _take_period() -> None:
    name = st.session_state["period"]
    if name != FREE:
        first, last = presets(today())[name]
        choose(chosen().with_("from", first).with_("to", last))


def _day(name: str, value: date | None) -> None:
    _put(name, value)
    st.date_input(
        BY_NAME[name].label,
        value=None,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        key=name,
        format="DD/MM/YYYY",
        help=BY_NAME[name].help,
        on_change=lambda: choose(chosen().with_(name, st.session_state[name])),
    )


def _status() -> None:
    _put("status", chosen().texts("status"))
    st.pills(
        "Status",
        STATUSES,
        selection_mode="multi",
        format_func=STATUS_WORDS.__getitem__,
        key="status",
        on_change=lambda: choose(
            chosen().with_("status", tuple(st.session_state["status"]) or None)
        ),
    )


def _cancelled() -> None:
    _put("cancelled", next(iter(chosen().texts("cancelled")), None))
    st.segmented_control(
        "Cancelled",
        ["yes", "no"],
        format_func={"yes": "Only cancelled", "no": "Without cancelled"}.__getitem__,
        key="cancelled",
        on_change=lambda: choose(
            chosen().with_("cancelled", YES_OR_NO.get(st.session_state["cancelled"]))
        ),
    )


def _put(key: str, value: object) -> None:
    """Show a value that the widget does not have yet."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
