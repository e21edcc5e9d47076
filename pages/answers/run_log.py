"""What one run of a page fetched, how long it took, and the moment that judges its statuses."""

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import streamlit as st

from queries.engine.service import Values
from queries.engine.totals import this_minute
from queries.filters import Filters

KEY = "_run_log"
FROM_TOTALS = "kept totals"
FROM_ROWS = "the rows themselves"


class Entry(NamedTuple):
    """A query of a page, how long the page waited for its result, and what it came from."""

    name: str
    filters: Filters
    values: Values
    seconds: float
    source: str


@dataclass
class RunLog:
    """One run of a page."""

    moment: datetime = field(default_factory=this_minute)
    began: float = field(default_factory=time.perf_counter)
    entries: list[Entry] = field(default_factory=list)


def begin() -> None:
    """Begin the log of a run."""
    st.session_state[KEY] = RunLog()


def current() -> RunLog:
    """The log of this run."""
    log: RunLog = st.session_state[KEY]
    return log


def now() -> datetime:
    """The minute in which the run of the page began.

    Also for fragments that rerun later: they show the same moment as the rest of the page.
    """
    log: RunLog = st.session_state.get(KEY) or RunLog()
    return log.moment


def today() -> date:
    """The day on which the page began."""
    return now().date()


def add(entry: Entry) -> None:
    """Log a query."""
    if log := st.session_state.get(KEY):
        log.entries.append(entry)
