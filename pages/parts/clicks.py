"""What a click on a chart does: it narrows the filters."""

from collections.abc import Callable
from datetime import date

import pandas as pd

from pages.parts.grain import end_of
from pages.parts.state import choose, chosen


def narrow(name: str) -> Callable[[str], None]:
    """A click chooses just this value of one filter."""
    return lambda value: choose(chosen().with_(name, (value,)))


def narrow_period(grain: str) -> Callable[[str], None]:
    """A click chooses the period that the bar stands for, inside the one chosen before."""

    def narrowed(value: str) -> None:
        filters = chosen()
        first = pd.Timestamp(value)
        begin, end = first.date(), end_of(first, grain).date()
        choose(
            filters.with_("from", max(begin, filters.from_ or date.min)).with_(
                "to", min(end, filters.to or date.max)
            )
        )

    return narrowed
