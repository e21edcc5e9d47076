"""The scope of a number in words: of which period it is, or as of which moment."""

from datetime import timedelta

from pages.answers.fetch import data_until
from pages.frame.url_state import chosen
from queries.filters import Filters
from queries.text import day, days, moment

ALL_TIME = "all time"


def of_period(filters: Filters | None = None) -> str:
    """The chosen period, of what it narrows: 1 Apr – 30 Jun 2017."""
    filters = filters or chosen()
    return days(filters.from_, filters.to) or ALL_TIME


def within_period() -> str:
    """The period in a sentence: in 1 Apr – 30 Jun 2017, since 1 Apr 2017."""
    filters = chosen()
    has_both = filters.from_ is not None and filters.to is not None
    return f"in {of_period()}" if has_both else of_period()


def scope_of(kind: str) -> str:
    """The scope of a chart, by its `of`: period, moment that judges, imports, or all time."""
    if kind == "moment":
        return of_moment()
    if kind == "imports":
        return "by when files were imported"
    return of_period() if kind == "period" else ALL_TIME


def of_moment() -> str:
    """The moment that judges statuses: as of 31 Dec 2017, 21:57."""
    filters = chosen()
    at = filters.as_of(data_until())
    if filters.asof is None and at < data_until():
        return f"as of the end of {day((at - timedelta(microseconds=1)).date())}"
    return f"as of {day(at.date()) if filters.asof else moment(at)}"
