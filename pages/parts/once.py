"""What is made of an answer, made once for as long as the answer is kept."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import finalize

import pandas as pd

Further = ParamSpec("Further")
Made = TypeVar("Made")
Make = Callable[Concatenate[pd.DataFrame, Further], Made]


def once(make: Make[Further, Made]) -> Make[Further, Made]:
    """Remember what a function makes of an answer of fetch(). Nobody may change either."""
    made: dict[tuple[object, ...], Made] = {}

    @wraps(make)
    def of(found: pd.DataFrame, /, *args: Further.args, **kwargs: Further.kwargs) -> Made:
        key = (id(found), *args, *kwargs.items())
        if key not in made:
            result = make(found, *args, **kwargs)
            if result is found:  # it would keep itself alive
                return result
            made[key] = result
            finalize(found, made.pop, key, None)
        return made[key]

    return of
