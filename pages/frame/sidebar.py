"""The filters' widgets in the sidebar."""

from datetime import date, timedelta

import streamlit as st

from pages.answers.fetch import today
from pages.frame.list_filter import list_filter
from pages.frame.typed_dates import apply_typed_dates
from pages.frame.url_state import choose, chosen, put
from queries.filters import BY_NAME, FIRST_DAY, LAST_DAY, STATUS_WORDS, STATUSES, YES_OR_NO

FREE = "Free choice"


def sidebar() -> None:
    """Draw the filters; each offers the values that match all others."""
    with st.sidebar:
        for name in ("folder", "group", "prefix", "batch"):
            list_filter(name)
        _period()
        for name in ("campaign", "site", "type", "item"):
            list_filter(name)
        _status()
        _cancelled()
        _day("asof", chosen().asof)
        apply_typed_dates()


def presets(day: date) -> dict[str, tuple[date | None, date | None]]:
    """The periods on offer: their first and last day by their name."""
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


def _period() -> None:
    filters, offered = chosen(), presets(today())
    current = (filters.from_, filters.to)
    named = next((name for name, ends in offered.items() if ends == current), FREE)
    put("period", named)
    st.selectbox("Period", [*offered, FREE], key="period", on_change=_take_period)
    with st.container(horizontal=True, gap="small"):
        for name, value in (("from", filters.from_), ("to", filters.to)):
            _day(name, value)
    if filters.from_ and filters.to and filters.from_ > filters.to:
        st.warning("The period ends before it begins, so it holds no redemption.")


def _take_period() -> None:
    # None for the free choice, and for what a browser would not send.
    if ends := presets(today()).get(st.session_state["period"]):
        first, last = ends
        choose(chosen().with_("from", first).with_("to", last))


def _day(name: str, value: date | None) -> None:
    put(name, value)
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
    put("status", chosen().texts("status"))
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
    put("cancelled", next(iter(chosen().texts("cancelled")), None))
    st.segmented_control(
        "Cancelled",
        ["yes", "no"],
        format_func={"yes": "Only cancelled", "no": "Without cancelled"}.__getitem__,
        key="cancelled",
        on_change=lambda: choose(
            chosen().with_("cancelled", YES_OR_NO.get(st.session_state["cancelled"]))
        ),
    )
