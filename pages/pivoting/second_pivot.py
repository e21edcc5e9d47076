"""How far the pivots of two choices are apart, cell by cell."""

import pandas as pd

from pages.charts.sides import memoized_pair
from pages.pivoting.choice import Choice
from pages.pivoting.dimensions import NONE
from pages.pivoting.grid import OF_ALL, TOTAL

TIMES = ("day", "week", "month", "start")


@memoized_pair
def apart(a: pd.DataFrame, b: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """A minus B, of two grids(): rates as a fraction.

    Where only one side has a name, it counts as 0 there, and a rate is left blank. Of times only
    those of both sides are compared: in another period the others have nothing beside them.
    """
    of_a, of_b = _keyed(a, choice), _keyed(b, choice)
    rows = _names(of_a.index, of_b.index, only_common=choice.rows in TIMES)
    columns = _names(of_a.columns, of_b.columns, only_common=choice.columns in TIMES)
    absent = 0 if choice.of.kind == "count" else float("nan")
    of_a, of_b = (
        side.reindex(index=rows, columns=columns, fill_value=absent) for side in (of_a, of_b)
    )
    table = of_a - of_b
    table.columns = pd.Index([_label(name) for name in columns])
    table.insert(0, a.columns[0], [_label(name) for name in rows])
    return table.reset_index(drop=True)


def _keyed(grid: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The numbers by their names; the totals by OF_ALL, as a group may be called Total."""
    table = grid.iloc[:, 1:].set_axis([*grid.iloc[:-1, 0], OF_ALL])
    if choice.columns != NONE:
        table = table.set_axis([*table.columns[:-1], OF_ALL], axis="columns")
    return table


def _names(a: pd.Index, b: pd.Index, *, only_common: bool) -> list[str]:
    """The names of A in their order, then those that only B has; the total last."""
    if only_common:
        names = [name for name in a if name in set(b)]
    else:
        names = [*a, *(name for name in b if name not in set(a))]
    return sorted(names, key=lambda name: name == OF_ALL)


def _label(name: str) -> str:
    return TOTAL if name == OF_ALL else name
