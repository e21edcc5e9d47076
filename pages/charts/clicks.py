"""What a click on a chart does: it narrows the filters."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from pages.charts.period_controls import last_day
from pages.frame.url_state import choose, chosen


def narrow(name: str) -> Callable[[str], None]:
    """A click chooses the clicked value, and no other, of one filter."""
    return lambda value: choose(chosen().narrowed(name, (value,)))


def narrow_cohort(by: str) -> Callable[[str], None]:
    """A click chooses the clicked batch, group or folder, or codes by the month of their start."""
    return _narrow_start if by == "month" else narrow(by)


def narrow_expiry(value: str) -> None:
    """A click chooses the codes that expire on the clicked day."""
    day = date.fromisoformat(value)
    choose(chosen().narrowed("expiry_from", day).with_("expiry_to", day))


def narrow_period(grain: str) -> Callable[[str], None]:
    """A click chooses the period of the clicked bar, inside the one chosen before."""

    def choose_period(value: str) -> None:
        filters = chosen()
        first = pd.Timestamp(value)
        begin, end = first.date(), last_day(first, grain).date()
        choose(
            filters.with_("from", max(begin, filters.from_ or date.min)).with_(
                "to", min(end, filters.to or date.max)
            )
        )

    return choose_period


def _narrow_start(month: str) -> None:
    """Choose the codes that start in the month, inside the range chosen before."""
    filters = chosen()
    first = pd.Timestamp(f"{month}-01")
    begin, end = first.date(), last_day(first, "month").date()
    first_day = max(begin, filters.start_from or date.min) if not filters.rest else begin
    last = min(end, filters.start_to or date.max) if not filters.rest else end
    choose(filters.narrowed("start_from", first_day).with_("start_to", last))
