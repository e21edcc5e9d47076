"""The filters of the sidebar that take dates: the period, and when codes start and expire."""

from datetime import date, timedelta

import streamlit as st

from pages.answers.fetch import data_until, today
from pages.frame.url_state import choose, chosen, put
from queries.fields import FIRST_DAY, LAST_DAY
from queries.filters import BY_NAME
from queries.text import day

FREE = "Free choice"
WITHIN = (7, 14, 30)  # days in which codes expire


def presets(last: date) -> dict[str, tuple[date | None, date | None]]:
    """The periods on offer: their first and last day by their name."""
    month = last.replace(day=1)
    last_month = month - timedelta(days=1)
    return {
        "All time": (None, None),
        "Last 7 days": (last - timedelta(days=6), last),
        "Last 28 days": (last - timedelta(days=27), last),
        "Last 90 days": (last - timedelta(days=89), last),
        "This month": (month, last),
        "Last month": (last_month.replace(day=1), last_month),
        "This year": (last.replace(month=1, day=1), last),
    }


def period() -> None:
    """Draw the choice of a period, and its two days."""
    filters, offered = chosen(), presets(today())
    current = (filters.from_, filters.to)
    named = next((name for name, ends in offered.items() if ends == current), FREE)
    put("period", named)
    st.selectbox("Period", [*offered, FREE], key="period", on_change=_take_period)
    _days("from", "to")
    if filters.from_ and filters.to and filters.from_ > filters.to:
        st.warning("The period ends before it begins, so it holds no redemption.")


def _take_period() -> None:
    # None for the free choice, and for what a browser would not send.
    if ends := presets(today()).get(st.session_state["period"]):
        first, last = ends
        choose(chosen().with_("from", first).with_("to", last))


def expiry() -> None:
    """Draw in which of the next days codes expire, or between which days."""
    filters, first = chosen(), _first_of_next_days()
    days = filters.expiry_to - first if filters.expiry_to else timedelta()
    put("expires", days.days if filters.expiry_from == first and days.days in WITHIN else None)
    st.pills(
        "Expires within",
        WITHIN,
        format_func=lambda days: f"{days} days",
        key="expires",
        help=f"From {day(first)} on, where the status of the codes is judged.",
        on_change=_take_expiry,
    )
    _days("expiry_from", "expiry_to")


def _take_expiry() -> None:
    first, days = _first_of_next_days(), st.session_state["expires"]
    ends = (first, _days_after(first, days)) if days in WITHIN else (None, None)
    choose(chosen().with_("expiry_from", ends[0]).with_("expiry_to", ends[1]))


def _first_of_next_days() -> date:
    """The day on which the status of codes is judged."""
    return chosen().as_of(data_until()).date()


def _days_after(first: date, days: int) -> date:
    """A later day, inside the calendar."""
    return first + min(timedelta(days=days), LAST_DAY - first)


def start() -> None:
    """Draw between which days codes start."""
    _days("start_from", "start_to")


def as_of() -> None:
    """Draw the day on which the status of codes is judged."""
    _day("asof")


def _days(*names: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for name in names:
            _day(name)


def _day(name: str) -> None:
    put(name, chosen().value(name))
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
