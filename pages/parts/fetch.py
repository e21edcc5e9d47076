"""Answers from the store, kept for everybody until the data changes."""

from datetime import date, datetime

import duckdb
import pandas as pd
import streamlit as st

from data import owned
from queries.filters import Filters
from queries.run import parameters, run


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
    return _answer(str(store.path), store.version, name, filters, moment, values)


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
    with owned.store().cursor() as cursor:
        try:
            return run(cursor, name, filters, moment, **values)
        except duckdb.Error as error:
            # The engine's words may quote a code, and Streamlit logs what is raised.
            raise QueryFailed(f"{name}.sql: {type(error).__name__}") from None
