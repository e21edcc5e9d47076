"""What the page compares: the second choice of the filters in force, and short names of both."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from pages.answers.fetch import fetch, today
from pages.frame.scopes import of_period
from pages.frame.url_state import chosen, comparison
from pages.text.escape import shortened
from pages.text.numbers import plural
from queries.comparison import REST, WAYS, Second, days_before_data, have_same_length
from queries.filters import PARAMETERS, Filters
from queries.text import day

PERIOD = ("from", "to")
LONGEST_NAME = 30  # letters
A, B = "A", "B"


class Names(NamedTuple):
    """What the two choices are called in a chart or a table. Escape them before they are shown."""

    a: str
    b: str


def second_choice() -> Filters | None:
    """What the filters in force are compared with; None without a comparison.

    Also where there is none to be made: why_not() says why.
    """
    return _second().filters


def why_not() -> str:
    """Why the chosen comparison cannot be made, as a sentence; nothing where it can."""
    return _second().reason


def _second() -> Second:
    compared = comparison()
    if compared is None:
        return Second(None)
    return compared.second(chosen(), today())


def counts_compare(second: Filters) -> bool:
    """Whether counts of both choices are of the same length of time."""
    return have_same_length(chosen(), second, today(), data_from())


def have_as_many_days(second: Filters) -> bool:
    """Whether both choices have periods of the same length, whatever the data have of them."""
    return have_same_length(chosen(), second, today(), None)


def data_from() -> date | None:
    """The day of the first redemption that the person sees; None where there is none."""
    first = fetch("numbers", Filters()).iloc[0]["first_hour"]
    return None if pd.isna(first) else pd.Timestamp(first).date()


def not_in_the_data(filters: Filters) -> str:
    """How much of a period lies before the data, as a sentence; nothing where all is in them."""
    first = data_from()
    missing = days_before_data(filters, first)
    if not missing or first is None:
        return ""
    if filters.to is not None and filters.to < first:
        return f"Your data begin on {day(first)}: nothing of {of_period(filters)} is in them."
    days = plural(missing, "day")
    return f"Your data begin on {day(first)}: {days} of {of_period(filters)} are not in them."


def is_other_period(second: Filters) -> bool:
    """Whether the second choice is the one in force over another period."""
    return set(_differing(chosen(), second)) <= set(PERIOD)


def names(second: Filters) -> Names:
    """Short names for the filters in force and a second choice: by the one thing that differs."""
    return names_of(chosen(), second)


def names_of(a: Filters, b: Filters) -> Names:
    """Short names for two choices: "Email" and "SMS", "June 2017" and "May 2017"; else A and B."""
    differing = _differing(a, b)
    if differing and set(differing) <= set(PERIOD):
        return _short(of_period(a), of_period(b))
    if len(differing) != 1:
        return Names(A, B)
    (name,) = differing
    if name == REST:
        return _of_rest(a) if b.rest else Names(*reversed(_of_rest(b)))
    return _short(_named(a, name), _named(b, name))


def _differing(a: Filters, b: Filters) -> list[str]:
    return [name for name in PARAMETERS if a.texts(name) != b.texts(name)]


def _named(filters: Filters, name: str) -> str:
    return filters.chips().get(name, "all")


def _of_rest(filters: Filters) -> Names:
    """The names of a choice and of everything else."""
    words = [text for name, text in filters.chips().items() if name not in (*PERIOD, "asof")]
    return _short(words[0] if len(words) == 1 else A, WAYS[REST])


def _short(a: str, b: str) -> Names:
    """Both names, of their letters as many as fit; A and B where they would look the same."""
    short = Names(shortened(a, LONGEST_NAME), shortened(b, LONGEST_NAME))
    return short if short.a != short.b else Names(A, B)
