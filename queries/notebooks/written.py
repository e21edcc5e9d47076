"""Values of a result as the pages write them, by their type and their column's name."""

import re
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from queries.text import day, listed, moment

RATE = re.compile(r"(.*_)?(rate|share)(_(a|b|change))?", re.IGNORECASE)
MISSING = "–"

Scalar = Any  # a value of a frame


def is_rate(column: str) -> bool:
    """Whether a column of that name has fractions that are written in percent."""
    return RATE.fullmatch(column) is not None


def is_missing(value: Scalar) -> bool:
    """Whether there is no value; a list is one."""
    return bool(value is None or (pd.api.types.is_scalar(value) and pd.isna(value)))


def is_number(value: Scalar) -> bool:
    """Whether a value is a number: no truth value, and not missing."""
    is_one = not is_missing(value) and bool(pd.api.types.is_number(value))
    return is_one and not isinstance(value, bool | np.bool_)


def written(column: str, value: Scalar) -> str:
    """12,345; 34.5% of a rate; 10 Jan 2016; a dash where there is no value."""
    if isinstance(value, list | tuple | np.ndarray):
        return listed([written(column, one) for one in value])
    if is_missing(value):
        return MISSING
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if is_number(value):
        return number(column, float(value))
    if isinstance(value, datetime):
        return day(value) if value.time() == datetime.min.time() else moment(value)
    return day(value) if isinstance(value, date) else str(value)


def number(column: str, value: float) -> str:
    """12,345; 1.23; 34.5% of a rate."""
    if is_rate(column):
        return f"{value:.1%}"
    return f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"


def signed(column: str, value: Scalar) -> str:
    """A difference: +123; +1.2 points of a rate; a dash where there is none."""
    if is_missing(value):
        return MISSING
    apart = float(value)
    if is_rate(column):
        return f"{round(apart * 100, 1) or 0.0:+.1f} points"
    return f"{apart:+,.0f}" if apart.is_integer() else f"{apart:+,.2f}"
