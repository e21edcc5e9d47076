"""The numbers and compare cells of a notebook: the tiles of the pages, and the same as a table."""

from typing import NamedTuple

import pandas as pd

from pages.answers.fetch import fetch
from pages.cells.charts import NoChart
from pages.charts.changes import COLUMNS
from pages.charts.compared import compared
from pages.charts.tile_numbers import RATES, TILES, Number, Numbers, numbers_of
from pages.frame.comparing import counts_compare, names, second_choice, why_not
from pages.frame.url_state import chosen
from pages.text.numbers import missing
from queries.filters import Filters
from queries.notebooks.freezing import columns
from queries.notebooks.freezing.shown import Tile
from queries.notebooks.keys import Keys
from queries.notebooks.meaning import Meaning
from queries.text import listed

APART = ("A − B", "Low", "High")
LABELS = {name.casefold(): label for label, column in COLUMNS.items() for name in (label, column)}


class Tiles(NamedTuple):
    """The tiles of a cell, what stands below them, and how their differences are counted."""

    numbers: Numbers
    tiles: tuple[Tile, ...]
    note: str
    definition: str


def tiles_named(keys: Keys) -> list[str]:
    """The tiles that a cell names, as it names them."""
    named = [text.strip() for texts in keys.texts_of("tiles") for text in texts.split(",")]
    return [text for text in named if text]


def labels_of(meaning: Meaning) -> tuple[str, ...]:
    """The tiles that a cell names by their labels or columns; all where it names none.

    Raises NoChart.
    """
    named = tiles_named(meaning.keys)
    if unknown := [text for text in named if text.casefold() not in LABELS]:
        raise NoChart(f"There is no tile {listed(unknown)}: there are {listed(list(COLUMNS))}.")
    return tuple(dict.fromkeys(LABELS[text.casefold()] for text in named)) or TILES


def tiles_of(meaning: Meaning) -> Tiles:
    """The tiles of the choice in force. Raises NoChart."""
    numbers = numbers_of(labels_of(meaning))
    tiles = tuple(_tile(number) for number in numbers.tiles)
    return Tiles(numbers, tiles, numbers.note, numbers.compared)


def table_of(tiles: Tiles) -> tuple[pd.DataFrame, dict[str, str]]:
    """One row per tile, its number and its change, and how the columns are written."""
    row = tiles.numbers.row
    values = [_value(one.label, row) for one in tiles.numbers.tiles]
    changes = [str(one.delta) if one.delta is not None else None for one in tiles.numbers.tiles]
    table = pd.DataFrame(
        {
            "Number": [one.label for one in tiles.numbers.tiles],
            "Value": pd.Series(values, dtype="object"),
            "Change": pd.Series(changes, dtype="object"),
            "Of": [one.scope for one in tiles.numbers.tiles],
        }
    )
    return table, {"Value": columns.ROW}


def second_of_compared() -> Filters:
    """The second choice of the comparison in force. Raises NoChart."""
    second = second_choice()
    if second is None:
        raise NoChart(why_not() or "This cell compares nothing.")
    return second


def table_of_both(second: Filters) -> tuple[pd.DataFrame, dict[str, str]]:
    """One row per tile: both sides, their difference, and of a rate its interval of 95%."""
    a, b = (fetch("numbers", filters).iloc[0] for filters in (chosen(), second))
    short, same_length = names(second), counts_compare(second)
    rows = []
    for label in COLUMNS:
        both = compared(label, a, b, is_same_length=same_length)
        interval = both.apart if both.is_rate else None
        ends = (interval.low, interval.high) if interval and both.is_known else (None, None)
        first, other = _value(label, a), _value(label, b)
        apart = None if first is None or other is None else first - other
        rows.append((label, first, other, apart, *ends))
    sides = (_named("A", short.a), _named("B", short.b))
    table = pd.DataFrame(rows, columns=["Number", *sides, *APART], dtype="object")
    return table, dict.fromkeys(sides, columns.ROW) | dict.fromkeys(APART, columns.ROW_APART)


def _named(side: str, name: str) -> str:
    return side if name == side else f"{side}: {name}"


def _value(label: str, row: pd.Series) -> int | float | None:
    """A number as a whole one, or as a fraction of a rate; None where there is none."""
    value = row[COLUMNS[label]]
    if missing(value):
        return None
    return float(value) if label in RATES else int(value)


def _tile(number: Number) -> Tile:
    change = "" if number.delta in (None, 0) else str(number.delta)
    is_good = change.startswith("+") != number.is_bad if change else None
    beside = (number.scope, *number.sentences)
    return Tile(number.label, number.value, change, is_good, beside, number.explained)
