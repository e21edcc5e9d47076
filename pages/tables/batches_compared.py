"""The listed batches beside the same batches in the second choice of a comparison."""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.answers.fetch import fetch
from pages.text.escape import visible
from queries.filters import Filters

COMPARED = {"redemption_rate": "Rate", "net": "Net"}  # and what their columns are called
OTHER, APART = "other_", "apart_"  # before the column that is compared


def same_batches(page: pd.DataFrame, second: Filters) -> pd.DataFrame | None:
    """The batches of a page in the second choice: one row per batch that is in both.

    None where there is none. Of everything else no batch can be named.
    """
    names = [name for name in page["batch"] if second.batch is None or name in second.batch]
    if second.rest or not names:
        return None
    found = fetch("batches", second.with_("batch", tuple(names)), offset=0, most=len(names))
    return None if found.empty else found


def beside(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """The rows as the screen has them, with both numbers that are compared, and A minus B.

    Rates are in percent, their differences in percentage points; empty without the other batch.
    """
    other = others.set_index("batch")[list(COMPARED)].astype(float)
    other["redemption_rate"] *= 100
    other = other.reindex(rows["batch"]).set_axis(rows.index)
    together = rows.copy()
    for name in COMPARED:
        place = int(together.columns.get_loc(name)) + 1  # type: ignore[arg-type]
        together.insert(place, APART + name, rows[name].astype(float) - other[name])
        together.insert(place, OTHER + name, other[name])
    return together


def columns(second: str) -> dict[str, ColumnConfig | str | None]:
    """The columns that beside() adds; `second` is what the second choice is called."""
    formats = {"redemption_rate": ("%.1f%%", "%+.1f"), "net": ("localized", "%+d")}
    found: dict[str, ColumnConfig | str | None] = {}
    for name, label in COMPARED.items():
        as_it_is, apart = formats[name]
        found[OTHER + name] = st.column_config.NumberColumn(
            f"{label}, {visible(second)}", format=as_it_is
        )
        found[APART + name] = st.column_config.NumberColumn(
            f"{label}, difference",
            format=apart,
            help="This choice minus the second one"
            + (", in percentage points" if name == "redemption_rate" else ""),
        )
    return found
