"""The period before that of a numbers cell: a text or an alert reads a change from it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd

from queries.comparison import BEFORE, Comparison, days_before_data
from queries.filters import Filters
from queries.notebooks.result import CellResult
from queries.text import day


def with_before(
    result: CellResult,
    filters: Filters,
    last: date,
    data_from: Callable[[], date | None],
    numbers: Callable[[Filters], pd.DataFrame],
) -> CellResult:
    """The result with the numbers of the period before, or with the reason why there are none.

    `last` is the last day of the data, `data_from` gives the first one, `numbers` the query's row.
    """
    second = Comparison(BEFORE).second(filters, last)
    if second.filters is None:
        return replace(result, no_before=f"no period before: {second.reason}")
    first = data_from()
    if first and days_before_data(second.filters, first):
        return replace(result, no_before=f"no period before: the data begin on {day(first)}")
    return replace(result, before=numbers(second.filters))
