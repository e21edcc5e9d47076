"""What a chart consists of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from pages.charts.sides import Both

IN_GENERAL = Both()


@dataclass(frozen=True)
class Chart:
    """A query and what is made from its result. Figure, reading and table are memoized.

    `table` has the chart's numbers under readable column names. `on_click` gets the first
    piece of the clicked mark's customdata; the second, if there is one, is what the mark is called.
    `figure` is None where the reading says it all. `of` says which scope its card names.
    """

    title: str
    query: str
    definition: str
    figure: Callable[[pd.DataFrame], go.Figure | None]
    reading: Callable[[pd.DataFrame], str]
    table: Callable[[pd.DataFrame], pd.DataFrame]
    on_click: Callable[[str], None] | None = None
    of: Literal["period", "moment", "imports", "all time"] = "period"
    name: str = ""  # of its widgets' keys and its files, where it is not the query's
    values: dict[str, object] = field(default_factory=dict)  # further parameters of the query
    names_in_header: str = ""  # the filter whose values are columns of its table, if one's are
    options: Mapping[str, str] = field(default_factory=dict)  # how it looks, in a notebook's cell
    both: Both = IN_GENERAL  # how it shows a comparison

    @property
    def key(self) -> str:
        """What its widgets' keys end with."""
        return self.name or self.query
