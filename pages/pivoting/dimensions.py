"""By what pivot tables can be made: dimensions of codes and of redemptions, and their names."""

from datetime import date

import pandas as pd

from pages.charts.weekday_hour import WEEKDAYS
from queries.filters import STATUS_WORDS
from queries.text import day

NONE = "none"
OF_CODES = {
    "group": "Group",
    "folder": "Folder",
    "batch": "Batch",
    "prefix": "Prefix",
    "type": "Redemption type",
    "item": "Item code",
    "start": "Month of start",
    "status": "Status",
}
OF_PLACES = {
    "site": "Site",
    "campaign": "Campaign",
}
OF_TIMES = {
    "weekday": "Weekday",
    "hour": "Hour",
    "day": "Day",
    "week": "Week from",
    "month": "Month",
}
DIMENSIONS = OF_CODES | OF_PLACES | OF_TIMES
APART = ("(unknown code)", "(known only from code files)")
# What pandas calls the steps of those times that have gaps where nothing happened.
STEPS = {"day": "D", "week": "W-MON", "month": "MS", "start": "MS"}
MONTHS = ("month", "start")


def shown(name: str, by: str) -> str:
    """A name of the queries as the screen has it: 2017-08 as Aug 2017, 1 as Mon."""
    if is_apart(name, by):
        return name
    if by == "weekday":
        return WEEKDAYS[int(name) - 1]
    if by == "hour":
        return f"{name}:00"
    if by in MONTHS:
        return f"{date.fromisoformat(f'{name}-01'):%b %Y}"
    if by in STEPS:
        return day(date.fromisoformat(name))
    return STATUS_WORDS.get(name, name) if by == "status" else name


def is_apart(name: str, by: str) -> bool:
    """Whether a name says that there is none: it is below the others, and never leads."""
    return name in (f"(no {by})", *APART)


def without_gaps(names: list[str], by: str, most: int) -> list[str]:
    """The names with the times between them at which nothing happened, unless above `most`."""
    times = [name for name in names if not is_apart(name, by)]
    if by == "weekday":
        every = [str(number) for number in range(1, 8)]
    elif by == "hour":
        every = [f"{hour:02}" for hour in range(24)]
    elif by in STEPS and times:
        every = _between(times, by)
    else:
        return names
    return names if len(every) > most else every + names[len(times) :]


def _between(times: list[str], by: str) -> list[str]:
    first, last = (f"{time}-01" if by in MONTHS else time for time in (times[0], times[-1]))
    steps = pd.date_range(first, last, freq=STEPS[by], unit="s")
    return [f"{step:%Y-%m}" if by in MONTHS else f"{step:%Y-%m-%d}" for step in steps]
