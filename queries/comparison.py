"""The second choice of a comparison: one frozen value, from and to a URL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from queries.fields import FIRST_DAY, Field
from queries.filters import PARAMETERS, Filters

BEFORE, YEAR, REST, CHOICE = "before", "year", "rest", "choice"
WAYS: Mapping[str, str] = MappingProxyType(
    {
        BEFORE: "Period before",
        YEAR: "Year before",
        REST: "Everything else",
        CHOICE: "Another choice",
    }
)
COMPARE = "compare"
OF_SECOND = "b."  # before a filter's name: that filter of the second choice
COMPARING = (COMPARE, *(f"{OF_SECOND}{name}" for name in PARAMETERS))  # in the order of the URL
SAME_WEEKDAY = timedelta(days=364)  # a year before, on the same weekday

_FIELD = Field(COMPARE, "texts", "Compare with", "codes", words=WAYS)

ALL_ROWS = Filters()
NO_PERIOD = "Choose a period with a first day: without one there is none before it."
GOES_ON = "The period goes on after the end of the data: it is not compared with another."
TOO_EARLY = "No dates lie so far before this period."
NO_REST = "All codes and redemptions are chosen: there is nothing else to compare them with."


class Second(NamedTuple):
    """The second choice, or a sentence that says why there is none."""

    filters: Filters | None
    reason: str = ""


@dataclass(frozen=True)
class Comparison:
    """One of WAYS, and what is chosen where the way is CHOICE: a whole choice of its own."""

    way: str
    choice: Filters = ALL_ROWS

    @classmethod
    def from_query(cls, pairs: Iterable[tuple[str, str]]) -> tuple["Comparison | None", list[str]]:
        """Read a URL's parameters of COMPARING. Returns the comparison, and a sentence per problem.

        A second choice is one also where `compare` does not say so.
        """
        given = list(pairs)
        named = [text for name, text in given if name == COMPARE]
        ways, problems = _FIELD.read(named) if named else (None, [])
        second = [(n.removeprefix(OF_SECOND), text) for n, text in given if n != COMPARE]
        choice, unreadable = Filters.from_query(second)
        problems += [f"Of the second choice: {problem}" for problem in unreadable]
        if isinstance(ways, tuple) and len(ways) > 1:
            problems.append(f"The filter {COMPARE} takes one value, and was given {len(ways)}.")
            ways = None
        way = ways[0] if isinstance(ways, tuple) else None
        if second and (way == CHOICE or choice != ALL_ROWS):
            if way not in (None, CHOICE):
                problems.append(f"A second choice is compared, not {COMPARE}={way}.")
            way = CHOICE
        return (cls(way, choice) if way else None), problems

    def to_query(self) -> list[tuple[str, str]]:
        """The parameters of the URL with this comparison."""
        if self.way != CHOICE:
            return [(COMPARE, self.way)]
        second = [(f"{OF_SECOND}{name}", text) for name, text in self.choice.to_query()]
        return second or [(COMPARE, CHOICE)]

    def second(self, filters: Filters, today: date) -> Second:
        """What the filters are compared with; `today` is the last day of the data."""
        if self.way == CHOICE:
            return Second(replace(self.choice, access=filters.access))
        if self.way == REST:
            return _rest(filters)
        if filters.from_ is None:
            return Second(None, NO_PERIOD)
        # Days after the end of the data are in no picture: with them, less would always look worse.
        if filters.to is not None and filters.to > today:
            return Second(None, GOES_ON)
        earlier = filters.previous(today) if self.way == BEFORE else year_before(filters, today)
        return Second(earlier) if earlier else Second(None, TOO_EARLY)


def in_words(filters: Filters, second: Filters | None, most: int | None = None) -> str:
    """Filters as a phrase, with what they are compared with; `most` as in Filters.in_words()."""
    words = filters.in_words(most)
    return words if second is None else f"{words}, compared with {second.in_words(most)}"


def year_before(filters: Filters, today: date) -> Filters | None:
    """The same over the same weekdays a year before; None where that is before all dates."""
    if filters.from_ is None or filters.from_ - FIRST_DAY < SAME_WEEKDAY:
        return None
    last = max(filters.to or today, filters.from_)
    return replace(filters, from_=filters.from_ - SAME_WEEKDAY, to=last - SAME_WEEKDAY)


def _rest(filters: Filters) -> Second:
    if not filters.has_rest():
        return Second(None, NO_REST)
    return Second(replace(filters, rest=None if filters.rest else True))


def have_same_length(a: Filters, b: Filters, today: date, data_from: date | None) -> bool:
    """Whether both are of as many days that are in the data, or without a first day to one end.

    `data_from` and `today` are the first and the last day of the data.
    """
    return _length(a, today, data_from) == _length(b, today, data_from)


def _length(filters: Filters, today: date, data_from: date | None) -> timedelta | date:
    last = min(filters.to or today, today)
    if filters.from_ is None:
        return last
    return last - max(filters.from_, data_from or filters.from_)


def days_before_data(filters: Filters, data_from: date | None) -> int:
    """How many days of the period lie before the first day of the data."""
    if filters.from_ is None or data_from is None:
        return 0
    last = min(filters.to or data_from, data_from - timedelta(days=1))
    return max(0, (last - filters.from_).days + 1)
