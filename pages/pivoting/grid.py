"""A pivot as a table: a row per name, a column per name, and the totals at both ends."""

from decimal import Decimal

import pandas as pd

from pages.answers.memo import memoized
from pages.pivoting.choice import Choice
from pages.pivoting.dimensions import DIMENSIONS, NONE, shown, without_gaps
from queries.downloading.formats import Failed

TOTAL = "Total"
OF_ALL = "\0"  # the key of totals: no file has such a name
ON_SCREEN = 5_000  # cells
MOST_CELLS = 20_000_000  # of a file
CENT = Decimal("0.01")


@memoized
def grid(frame: pd.DataFrame, choice: Choice, most: int = ON_SCREEN) -> pd.DataFrame:
    """One row per row of the pivot and one for the total; of counts 0 where there is nothing.

    A mean over no day that counts is left blank.
    """
    rows, columns = all_names(frame, choice, most)
    cells = _of_level(frame, 0).pivot(index="row", columns="column", values="value")
    table = cells.reindex(index=rows, columns=columns)
    table.loc[OF_ALL] = _of_level(frame, 2).set_index("column")["value"].reindex(columns)
    if choice.columns != NONE:
        totals = pd.concat([_of_level(frame, 1), _of_level(frame, 3).assign(row=OF_ALL)])
        table[OF_ALL] = totals.set_index("row")["value"].reindex([*rows, OF_ALL])
    table = table.astype(float)
    if choice.of.kind == "count":
        table = table.fillna(0)
        table = _without_days(table, frame) if choice.per_day else table.astype("int64")
    return _labelled(table, rows, columns, choice)


@memoized
def file_table(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The same for a file, with every cell. Raises Failed where that would be too many.

    Means and days have two decimals and are no floats: those are the rates of a workbook.
    """
    size = len(_of_level(frame, 1)) * len(_of_level(frame, 2))
    if size > MOST_CELLS:
        raise Failed(
            f"This table has more than {MOST_CELLS:,} cells. Choose fewer rows or columns."
        )
    table = grid(frame, choice, MOST_CELLS)
    if not has_decimals(choice):
        return table
    first, *others = table.columns
    return table.assign(**{name: table[name].map(_decimal) for name in others})[[first, *others]]


def has_decimals(choice: Choice) -> bool:
    """Whether the numbers are neither whole nor rates."""
    return choice.per_day or choice.of.kind == "days"


def all_names(
    frame: pd.DataFrame, choice: Choice, most: int = ON_SCREEN
) -> tuple[list[str], list[str]]:
    """The names of the rows and of the columns, also of times at which nothing happened."""
    rows = _names(frame, "row", 1)
    columns = [""] if choice.columns == NONE else _names(frame, "column", 2)
    rows = without_gaps(rows, choice.rows, most // max(1, len(columns)))
    return rows, without_gaps(columns, choice.columns, most // max(1, len(rows)))


def _names(frame: pd.DataFrame, axis: str, level: int) -> list[str]:
    """The names of the rows or columns, by the level of their totals, in their order."""
    return [str(name) for name in _of_level(frame, level).sort_values(f"{axis}_place")[axis]]


def _of_level(frame: pd.DataFrame, level: int) -> pd.DataFrame:
    return frame[frame["level"] == level]


def _without_days(table: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The means without those that are over no day, as of the morning on which the data end."""
    none = frame[frame["value"].isna()]
    for row, column, level in zip(none["row"], none["column"], none["level"], strict=True):
        table.loc[
            row if level in (0, 1) else slice(None),
            column if level in (0, 2) else slice(None),
        ] = float("nan")
    return table


def _labelled(
    table: pd.DataFrame, rows: list[str], columns: list[str], choice: Choice
) -> pd.DataFrame:
    """The table with the names that the screen has, each column's only once."""
    labels = [shown(name, choice.columns) for name in columns]
    labels = [choice.label] if choice.columns == NONE else [*labels, TOTAL]
    first = DIMENSIONS[choice.rows]
    table.columns = pd.Index(_unique([first, *labels])[1:])
    named = [*(shown(name, choice.rows) for name in rows), TOTAL]
    table.insert(0, first, pd.Series(named, index=table.index, dtype="str"))
    return table.reset_index(drop=True)


def _unique(labels: list[str]) -> list[str]:
    """The labels, of which a table has each once: Total, Total (2)."""
    found: dict[str, None] = {}
    for label in labels:
        unique, number = label, 2
        while unique in found:
            unique, number = f"{label} ({number})", number + 1
        found[unique] = None
    return list(found)


def _decimal(value: float) -> Decimal | None:
    return None if pd.isna(value) else Decimal(value).quantize(CENT)
