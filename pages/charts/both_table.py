"""The table of a comparison: the columns of A and of B side by side, and their difference."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.answers.memo import memoized
from pages.tables.columns import COUNT, RATE, of_chart

A, B, APART = "A", "B", "A − B"
INTERVAL = ("Low", "High")  # columns whose differences say nothing
POINTS = st.column_config.NumberColumn(format="%+.1f", help="In percentage points")
MORE_OR_LESS = st.column_config.NumberColumn(format="%+,d")


def both_tables(a: pd.DataFrame, b: pd.DataFrame, keys: int = 0) -> pd.DataFrame:
    """One row per row of A, then those that only B has.

    The first `keys` columns say what a row is; 0: those before the first one of numbers. Each
    further one is there of A and of B, and one of numbers as their difference too: of rates as a
    fraction. What only one side has counts as 0 on the other.
    """
    if a.empty:
        a = b[:0]  # without a row its columns need not be of their kinds
    elif b.empty:
        b = a[:0]
    kinds = [kind.kind for kind in a.dtypes]
    keys = keys or next((n for n, kind in enumerate(kinds) if kind in RATE + COUNT), len(kinds))
    names = list(a.columns[:keys])
    of_a, of_b = _places(a, names), _places(b, names)
    only_b = [place for key, place in of_b.items() if key not in of_a]
    # Positions instead of an index: pandas takes ten times as long to align one.
    in_a = [*range(len(a)), *(-1 for _ in only_b)]
    in_b = [*(of_b.get(key, -1) for key in of_a), *only_b]
    columns: dict[str, pd.Series] = {
        str(name): pd.concat([a[name], b[name].iloc[only_b]], ignore_index=True) for name in names
    }
    for name in a.columns[keys:]:
        side_a, side_b = _taken(a[name], in_a), _taken(b[name], in_b)
        if side_a.isna().all() and side_b.isna().all():
            continue
        columns |= {f"{name} {A}": side_a, f"{name} {B}": side_b}
        if a[name].dtype.kind in RATE + COUNT and name not in INTERVAL:
            columns[f"{name} {APART}"] = side_a - side_b
    return pd.DataFrame(columns)


@memoized
def of_both_tables(table: pd.DataFrame) -> dict[str, ColumnConfig]:
    """The formats of the columns of both_tables() that are not text."""
    apart = {str(n): kind for n, kind in table.dtypes.items() if str(n).endswith(APART)}
    return of_chart(table) | {
        name: POINTS if kind.kind in RATE else MORE_OR_LESS for name, kind in apart.items()
    }


def _places(table: pd.DataFrame, names: list[str]) -> dict[tuple[object, ...], int]:
    """The place of each row by its keys, and by how often they stood there before."""
    before: Counter[tuple[object, ...]] = Counter()
    places: dict[tuple[object, ...], int] = {}
    cells = [table[name].astype(object).where(table[name].notna(), None) for name in names]
    for place, key in enumerate(zip(*cells, strict=True) if names else [()] * len(table)):
        places[(*key, before[key])] = place
        before[key] += 1
    return places


def _taken(column: pd.Series, places: Sequence[int]) -> pd.Series:
    """The values at these places; for -1 nothing, and of counts 0."""
    counts = column.dtype.kind in COUNT
    none = 0 if counts else None
    whole = column.astype("Int64") if counts else column
    return pd.Series(pd.api.extensions.take(whole.array, places, allow_fill=True, fill_value=none))
