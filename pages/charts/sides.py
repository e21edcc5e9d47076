"""The two sides of a comparison, A and B, and how a chart shows both."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from weakref import finalize

import pandas as pd
import plotly.graph_objects as go

Further = ParamSpec("Further")
Result = TypeVar("Result")


class Sides(NamedTuple):
    """The results of one query for A and B, their short names, and how their periods relate."""

    a: pd.DataFrame
    b: pd.DataFrame
    name_a: str
    name_b: str
    same_period: bool  # or both of all time
    same_length: bool  # so that their counts can be compared


@dataclass(frozen=True)
class Both:
    """How a chart shows both sides. What is None is done in the general way.

    `figure` has both in one figure; without it there are two, one below the other. `reading` says
    what differs; without it B has the chart's own reading. `table` has the columns of both; without
    it they are merged by the first `keys` columns. All are memoized. Where `is_shown` is not, the
    chart is of A only, and says so.
    """

    figure: Callable[[Sides], go.Figure | None] | None = None
    reading: Callable[[Sides], str] | None = None
    table: Callable[[Sides], pd.DataFrame] | None = None
    keys: int = 0  # those before the first one of numbers
    is_shown: bool = True


def memoized_for_both(
    function: Callable[Concatenate[Sides, Further], Result],
) -> Callable[Concatenate[Sides, Further], Result]:
    """Compute the result once for each two DataFrames of fetch(), as memoized() does for one."""

    @memoized_pair
    def of_pair(
        a: pd.DataFrame, b: pd.DataFrame, rest: tuple[Any, ...], further: tuple[Any, ...]
    ) -> Result:
        return function(Sides(a, b, *rest), *further[0], **dict(further[1]))

    @wraps(function)
    def compute(sides: Sides, /, *args: Further.args, **kwargs: Further.kwargs) -> Result:
        return of_pair(sides.a, sides.b, sides[2:], (args, tuple(kwargs.items())))

    return compute


def memoized_pair(
    function: Callable[Concatenate[Any, Any, Further], Result],
) -> Callable[Concatenate[Any, Any, Further], Result]:
    """Compute the result for each two objects once, for as long as both live."""
    results: dict[tuple[object, ...], Result] = {}

    @wraps(function)
    def compute(a: Any, b: Any, /, *args: Further.args, **kwargs: Further.kwargs) -> Result:  # noqa: ANN401
        key = (id(a), id(b), *args, *kwargs.items())
        if key not in results:
            results[key] = function(a, b, *args, **kwargs)
            for one in (a, b):
                finalize(one, results.pop, key, None)
        return results[key]

    return compute
