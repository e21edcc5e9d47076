"""The table of a comparison: the columns of A and of B side by side, and their difference."""

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
    fraction.
    """
    kinds = [kind.kind for kind in (a if len(a) else b).dtypes]
    keys = keys or next((n for n, kind in enumerate(kinds) if kind in RATE + COUNT), len(kinds))
    names = list(a.columns[:keys])
    of_a, of_b = _by_key(a, names), _by_key(b, names)
    rows = of_a.index.append(of_b.index.difference(of_a.index, sort=False))
    of_a, of_b = of_a.reindex(rows), of_b.reindex(rows)
    columns: dict[str, pd.Series] = {
        name: rows.get_level_values(place).to_series() for place, name in enumerate(names)
    }
    for name in of_a.columns:
        if of_a[name].isna().all() and of_b[name].isna().all():
            continue
        columns |= {f"{name} {A}": of_a[name], f"{name} {B}": of_b[name]}
        if of_a[name].dtype.kind in RATE + COUNT and name not in INTERVAL:
            columns[f"{name} {APART}"] = of_a[name] - of_b[name]
    return pd.DataFrame({name: list(values) for name, values in columns.items()}).astype(
        {name: values.dtype for name, values in columns.items()}
    )


@memoized
def of_both_tables(table: pd.DataFrame) -> dict[str, ColumnConfig]:
    """The formats of the columns of both_tables() that are not text."""
    apart = {str(n): kind for n, kind in table.dtypes.items() if str(n).endswith(APART)}
    return of_chart(table) | {
        name: POINTS if kind.kind in RATE else MORE_OR_LESS for name, kind in apart.items()
    }


def _by_key(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The table by its keys, whole numbers as such also where a row is missing."""
    counts = [name for name, kind in table.dtypes.items() if kind.kind in COUNT]
    rows = table.astype({name: "Int64" for name in counts if name not in names})
    again = rows.groupby(names, dropna=False).cumcount()  # should two rows have the same key
    return rows.set_index(names).set_index(again.to_numpy(), append=True)
