"""Memoizes figures, tables and readings for the lifetime of the DataFrame they are made from."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import finalize

import pandas as pd

Further = ParamSpec("Further")
Result = TypeVar("Result")
Function = Callable[Concatenate[pd.DataFrame, Further], Result]


def memoized(function: Function[Further, Result]) -> Function[Further, Result]:
    """Compute the result for each DataFrame of fetch() once. Neither may be changed."""
    results: dict[tuple[object, ...], Result] = {}

    @wraps(function)
    def compute(frame: pd.DataFrame, /, *args: Further.args, **kwargs: Further.kwargs) -> Result:
        key = (id(frame), *args, *kwargs.items())
        if key not in results:
            result = function(frame, *args, **kwargs)
            if result is frame:  # it would keep itself alive
                return result
            results[key] = result
            finalize(frame, results.pop, key, None)
        return results[key]

    return compute
