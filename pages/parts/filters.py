"""The filters: the sidebar's widgets, and what they say above each page."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from pages.parts.fetch import fetch
from pages.parts.once import once
from pages.parts.state import choose, chosen, problems
from pages.parts.timing import today
from pages.parts.words import escaped
from queries.filters import STATUS_WORDS, STATUSES, Filters

LABELS = {
    "folder": "Reporting folder",
    "group": "Code group",
    "prefix": "Prefix",
    "batch": "Batch",
    "campaign": "Campaign",
    "site": "Site",
    "type": "Redemption type",
    "item": "Item code",
}
HELP = {
    "folder": "A promotion, spanning groups and batches. The number counts codes.",
    "prefix": "A known prefix, or any beginning of a code: type it.",
    "batch": "Codes made in one go. The number counts codes.",
    "campaign": "Its ID. The number counts redemptions.",
    "site": "The number counts redemptions.",
}
OF_TRANSACTIONS = ("campaign", "site")
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
        _as_of()


def above_page() -> None:
    """Say the filters in words, each with a button that removes it."""
    for problem in problems():
        st.warning(f"{problem} This part of the address is ignored.", icon=":material/link_off:")
    filters = chosen()
    chips = filters.chips()
    st.markdown(f"**{escaped(filters.in_words())}**")
    if not chips:
        return
    with st.container(horizontal=True, gap="small"):
        for name, words in chips.items():
            st.button(
                escaped(_short(words)),
                icon=":material/close:",
                key=f"remove_{name}",
                help=f"Remove this filter ({LABELS.get(name, name)})",
                on_click=_remove,
                args=(name,),
            )
        st.button(
            "Clear all",
            key="clear_all",
            type="tertiary",
            on_click=lambda: choose(Filters()),
        )


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
        LABELS[name],
        options,
        key=name,
        format_func=lambda value: labels.get(value, value),
        help=HELP.get(name),
        placeholder="All",
        accept_new_options=True,
        select_all=False,
        on_change=_take_several,
        args=(name,),
    )


def _options(name: str, search: str | None) -> pd.DataFrame:
    """What a filter can be narrowed to by what the others leave: one row per value."""
    kind = "transactions" if name in OF_TRANSACTIONS else "codes"
    if search or chosen().texts(name):
        others = chosen().with_(name, None)
        return fetch(f"options_of_{kind}", others, field=name, search=search)
    return _by_field(fetch(f"facets_of_{kind}", chosen())).get(name, NOTHING)


@once
def _by_field(facets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(field): found for field, found in facets.groupby("field")}


@once
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
            f"Find a {LABELS[name].lower()}", key=f"find_{name}", placeholder="Type a part of it"
        )
        or None
    )


def _take_several(name: str) -> None:
    said = st.session_state[name]
    # A label comes back as text when its count has changed in the meantime.
    values = tuple(dict.fromkeys(_values(name).get(value, value) for value in said))
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
        for name, label, value in (("from", "From", filters.from_), ("to", "To", filters.to)):
            _day(name, label, value, "The whole day is included.")
    if filters.from_ and filters.to and filters.from_ > filters.to:
        st.warning("The period ends before it begins, so it holds no redemption.")


def _take_period() -> None:
    name = st.session_state["period"]
    if name != FREE:
        first, last = presets(today())[name]
        choose(chosen().with_("from", first).with_("to", last))


def _day(name: str, label: str, value: date | None, help_text: str) -> None:
    _put(name, value)
    st.date_input(
        label,
        value=None,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        key=name,
        format="DD/MM/YYYY",
        help=help_text,
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
            chosen().with_(
                "cancelled", {"yes": True, "no": False}.get(st.session_state["cancelled"])
            )
        ),
    )


def _as_of() -> None:
    _day(
        "asof",
        "As of",
        chosen().asof,
        "The moment at which the status of a code is judged: 00:00 on this day. "
        "Without a day: now.",
    )


def _remove(name: str) -> None:
    filters = chosen().with_(name, None)
    choose(filters.with_("to", None) if name == "from" else filters)


def _put(key: str, value: object) -> None:
    """Show a value that the widget does not have yet."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:57] + "…"
