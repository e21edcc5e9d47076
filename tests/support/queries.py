"""Queries run on a store directly, with their rows as plain Python values."""

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import duckdb
import pandas as pd

from queries.engine.totals import run
from queries.filters import Filters

NOW = datetime(2016, 6, 1, 12, 0)  # later than everything in the rows that tests write
FEBRUARY_10 = datetime(2016, 2, 10)  # the day for which expected.json has the statuses

Record = dict[str, Any]


def filters_of(url: str) -> Filters:
    """The filters of a URL's query, all of which must be readable."""
    filters, problems = Filters.from_query(parse_qsl(url, keep_blank_values=True))
    assert problems == []
    return filters


def query_rows(
    db: duckdb.DuckDBPyConnection,
    name: str,
    filters: Filters = Filters(),
    now: datetime | None = NOW,
    **values: object,
) -> list[Record]:
    """The rows of a query of queries/; a missing value is None. `now` None: as the store says."""
    return records(run(db, name, filters, now, **values))


def records(frame: pd.DataFrame) -> list[Record]:
    """The rows of a frame as plain values; a missing one is None."""
    every = frame.astype(object)
    rows = every.where(every.notna(), None).to_dict("records")
    return [{str(column): value for column, value in row.items()} for row in rows]
