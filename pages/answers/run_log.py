"""What one run of a page fetched, and how long it took."""

import time
from dataclasses import dataclass, field
from typing import NamedTuple

import streamlit as st

from queries.engine.service import Values
from queries.filters import Filters

KEY = "_run_log"
FROM_TOTALS = "totals"
FROM_ROWS = "rows"


class Entry(NamedTuple):
    """A query of a page, how long the page waited for its result, and what it came from.

    `in_cell` says that a cell of a notebook fetched it.
    """

    name: str
    filters: Filters
    values: Values
    seconds: float
    source: str
    in_cell: bool = False


@dataclass
class RunLog:
    """One run of a page."""

    began: float = field(default_factory=time.perf_counter)
    entries: list[Entry] = field(default_factory=list)


def begin() -> None:
    """Begin the log of a run."""
    st.session_state[KEY] = RunLog()


def current() -> RunLog:
    """The log of this run."""
    log: RunLog = st.session_state[KEY]
    return log


def add(entry: Entry) -> None:
    """Log a query."""
    if log := st.session_state.get(KEY):
        log.entries.append(entry)
