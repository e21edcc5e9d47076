"""What a cell of a notebook shows, apart from where: on a page, in a file, on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

Figure = Mapping[str, Any]  # Plotly's JSON: data and layout


@dataclass(frozen=True)
class Plot:
    """A figure, what it says to whoever does not see it, and whose it is, where there are two."""

    figure: Figure
    alt: str
    side: str = ""


@dataclass(frozen=True)
class Tile:
    """A number with its name, its change, what it is of, and how it is counted.

    `is_good` says whether the change is for the better, if it can be told.
    """

    label: str
    value: str
    change: str = ""
    is_good: bool | None = None
    beside: Sequence[str] = ()
    definition: str = ""


@dataclass(frozen=True)
class Rows:
    """A further table of a cell: what it is, its rows, and how its columns are written."""

    title: str
    table: pd.DataFrame
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class Shown:
    """One cell: its sentences, figures, numbers and rows, or the sentence that says why not.

    `in_words` and `query` are the filter in force.
    `table` has the first rows, or all of `row_count`; `kinds` say how its columns are written;
    `others` are those of the second side of a pivot.
    `parameters` are what `sql` was run with; `has_rows` says whether the table has rows of codes or
    redemptions, as SQL may.
    """

    name: str
    kind: str
    title: str
    in_words: str = ""
    query: str = ""
    reading: str = ""
    difference: str = ""
    plots: Sequence[Plot] = ()
    tiles: Sequence[Tile] = ()
    note: str = ""
    table: pd.DataFrame | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    row_count: int = 0
    others: Sequence[Rows] = ()
    definition: str = ""
    sql: str = ""
    parameters: Sequence[str] = ()
    has_rows: bool = False
    alerts: Sequence[str] = ()
    error: str = ""

    @property
    def sentences(self) -> list[str]:
        """What the cell says in words, or why it says nothing."""
        if self.error:
            return [self.error]
        parts = (*self.alerts, self.reading, self.difference, self.note)
        return [text for text in parts if text]
