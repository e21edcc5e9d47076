"""Answers from the store, kept for everybody until the data changes."""

import threading
import time
from datetime import date, datetime

import duckdb
import pandas as pd
import streamlit as st

from data import owned
from pages.parts import timing
from queries.filters import Filters
from queries.run import is_covered, needs_kept, parameters, run, suffices

_how = threading.local()  # what answered this thread's last question


class QueryFailed(Exception):
    """The engine could not answer; the text names the query and the kind of error only."""


def now() -> datetime:
    """The present minute: the dates of Voucher Manager know no seconds."""
    return datetime.now().replace(second=0, microsecond=0)


def today() -> date:
    """The day on which the app runs."""
    return now().date()


def fetch(name: str, filters: Filters, **values: object) -> pd.DataFrame:
    """The answer to `queries/<name>.sql`. Raises StoreUnavailable."""
    store = owned.store()
    by_the_clock = filters.asof is None or "now" in parameters(name)
    moment = now() if by_the_clock else datetime.min
    began, _how.said = time.perf_counter(), timing.AT_HAND
    answer = _answer(str(store.path), store.version, name, filters, moment, values)
    timing.asked(name, began, _how.said)
    return answer


@st.cache_data(max_entries=2000, ttl="1h", show_spinner=False, hash_funcs={Filters: repr})
def _answer(
    path: str,
    version: int,
    name: str,
    filters: Filters,
    moment: datetime,
    values: dict[str, object],
) -> pd.DataFrame:
    # path, version and moment are part of the key.
    store = owned.store()
    with store.cursor() as cursor:
        try:
            kept = needs_kept(name) and _suffices(path, version, filters.of_totals(), moment)
            answer = run(cursor, name, filters, moment, **values, kept=kept)
            if kept and store.version != version:  # an import came between the two questions
                answer = run(cursor, name, filters, moment, **values, kept=False)
            _how.said = timing.KEPT if kept and is_covered(name, filters) else timing.COUNTED
            return answer
        except duckdb.Error as error:
            # The engine's words may quote a code, and Streamlit logs what is raised.
            raise QueryFailed(f"{name}.sql: {type(error).__name__}") from None


@st.cache_data(max_entries=200, ttl="1h", show_spinner=False, hash_funcs={Filters: repr})
def _suffices(path: str, version: int, filters: Filters, moment: datetime) -> bool:
    with owned.store().cursor() as cursor:
        return suffices(cursor, filters, moment)
