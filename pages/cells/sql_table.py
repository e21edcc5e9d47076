"""The rows of an SQL cell as a table: percent for rates alone, as in the frozen file."""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from pages.tables.columns import COUNT, FORMATS, MOMENT
from pages.tables.columns import RATE as FRACTION
from queries.notebooks.freezing.columns import COUNT as WHOLE
from queries.notebooks.freezing.columns import DECIMAL, RATE, kinds_of_rows

NUMBER = st.column_config.NumberColumn(format="localized")
BY_KIND: dict[str, ColumnConfig] = {RATE: FORMATS[FRACTION], WHOLE: FORMATS[COUNT], DECIMAL: NUMBER}


def written(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, ColumnConfig]]:
    """The rows with their rates times 100, and the formats of the columns that are no texts."""
    kinds = kinds_of_rows(frame)
    formats = {name: BY_KIND[kind] for name, kind in kinds.items() if kind in BY_KIND}
    moments = [str(name) for name, kind in frame.dtypes.items() if kind.kind == MOMENT]
    formats |= dict.fromkeys(moments, FORMATS[MOMENT])
    rates = [name for name, kind in kinds.items() if kind == RATE]
    return frame.assign(**{name: frame[name] * 100 for name in rates}), formats
