"""The filters of the sidebar that take dates: the period, and when codes start and expire."""

from datetime import date, timedelta

import streamlit as st

from pages.answers.fetch import data_until, today
from pages.frame.url_state import SIDE_A, Side, put
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


def period(side: Side = SIDE_A) -> None:
    """Draw the choice of a period, and its two days."""
    filters, offered = side.chosen(), presets(today())
    current = (filters.from_, filters.to)
    named = next((name for name, ends in offered.items() if ends == current), FREE)
    key = side.key("period")
    put(key, named)
    st.selectbox("Period", [*offered, FREE], key=key, on_change=_take_period, args=(side,))
    _days(side, "from", "to")
    if filters.from_ and filters.to and filters.from_ > filters.to:
        st.warning("The period ends before it begins, so it holds no redemption.")


def _take_period(side: Side) -> None:
    # None for the free choice, and for what a browser would not send.
    if ends := presets(today()).get(st.session_state[side.key("period")]):
        first, last = ends
        side.choose(side.chosen().with_("from", first).with_("to", last))


def expiry(side: Side = SIDE_A) -> None:
    """Draw in which of the next days codes expire, or between which days."""
    filters, first = side.chosen(), _first_of_next_days(side)
    days = filters.expiry_to - first if filters.expiry_to else timedelta()
    key = side.key("expires")
    put(key, days.days if filters.expiry_from == first and days.days in WITHIN else None)
    st.pills(
        "Expires within",
        WITHIN,
        format_func=lambda days: f"{days} days",
        key=key,
        help=f"From {day(first)} on, where the status of the codes is judged.",
        on_change=_take_expiry,
        args=(side,),
    )
    _days(side, "expiry_from", "expiry_to")


def _take_expiry(side: Side) -> None:
    first, days = _first_of_next_days(side), st.session_state[side.key("expires")]
    ends = (first, _days_after(first, days)) if days in WITHIN else (None, None)
    side.choose(side.chosen().with_("expiry_from", ends[0]).with_("expiry_to", ends[1]))


def _first_of_next_days(side: Side) -> date:
    """The day on which the status of codes is judged."""
    return side.chosen().as_of(data_until()).date()


def _days_after(first: date, days: int) -> date:
    """A later day, inside the calendar."""
    return first + min(timedelta(days=days), LAST_DAY - first)


def start(side: Side = SIDE_A) -> None:
    """Draw between which days codes start."""
    _days(side, "start_from", "start_to")


def as_of(side: Side = SIDE_A) -> None:
    """Draw the day on which the status of codes is judged."""
    _day(side, "asof")


def _days(side: Side, *names: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for name in names:
            _day(side, name)


def _day(side: Side, name: str) -> None:
    key = side.key(name)
    put(key, side.chosen().value(name))
    st.date_input(
        BY_NAME[name].label,
        value=None,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        key=key,
        format="DD/MM/YYYY",
        help=BY_NAME[name].help,
        on_change=lambda: side.choose(side.chosen().with_(name, st.session_state[key])),
    )
