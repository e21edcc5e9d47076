"""Says of which tile a column of an SQL cell has the number: "net adds up to Net redemptions, 12".

An equal number may be a coincidence. So the total is that of all rows, the column's name must not
speak of another tile, and one that speaks of none must have a number that few others have.
"""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from queries.notebooks.written import Scalar, is_missing, is_number

TILES = {  # their labels, by the columns of the query `numbers`
    "codes_issued": "Codes issued",
    "redeemed_codes": "Redeemed codes",
    "net": "Net redemptions",
    "cancelled": "Cancelled",
    "outstanding": "Outstanding",
}
# Of which tiles a word in a column's name may speak.
WORDS = {
    "code": {"codes_issued", "redeemed_codes", "outstanding"},
    "codes": {"codes_issued", "redeemed_codes", "outstanding"},
    "redeemed": {"redeemed_codes", "net"},
    "redemption": {"net", "cancelled"},
    "redemptions": {"net", "cancelled"},
    "issued": {"codes_issued"},
    "net": {"net"},
    "scans": {"net"},
    "cancelled": {"cancelled"},
    "cancellations": {"cancelled"},
    "outstanding": {"outstanding"},
    "active": {"outstanding"},
    # Of numbers that none of them has.
    **{word: set[str]() for word in ("live", "expired", "scheduled", "deleted", "units")},
}
# Of what the sum means nothing: IDs, parts of the calendar, averages, sums so far.
NO_SUMS = {
    *("id", "ids", "ref", "number", "no", "rank", "place", "position", "batch", "item"),
    *("year", "years", "quarter", "month", "months", "week", "weeks", "weekday", "isodow"),
    *("date", "day", "days", "hour", "hours", "minute", "minutes", "time", "age"),
    *("avg", "average", "mean", "median", "mode", "min", "max", "low", "high", "quantile"),
    *("rate", "share", "percent", "percentage", "pct", "ratio", "difference"),
    *("cumulative", "running", "previous"),
}
ENOUGH = 1_000  # from here on, a number of a column that speaks of no tile is no coincidence
MOST_EXACT = 2**53  # of whole numbers that a float holds
NUMBERS = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(\d+, *\d+\)|DOUBLE|FLOAT")


def adds_up(totals: Mapping[str, int], numbers: pd.DataFrame) -> list[str]:
    """A sentence for each column whose total is the number of a tile.

    `totals` are those of all rows of a cell, `numbers` the rows of that query for the same filter
    and the same state of the data.
    """
    tiles = {name: _whole(numbers[name].iloc[0]) for name in TILES if name in numbers.columns}
    found = [(name, total, _tile(name, total, tiles)) for name, total in totals.items()]
    return [f"{name} adds up to {TILES[tile]}, {total:,}." for name, total, tile in found if tile]


def totals_of(rows: pd.DataFrame, row_count: int) -> dict[str, int]:
    """The totals of the columns that have whole numbers; none where the rows are not all."""
    if len(rows) != row_count:
        return {}
    names = [name for name in rows.columns if _has_sum(str(name))]
    found = {str(name): _total(rows[name]) for name in names}
    return {name: total for name, total in found.items() if total is not None}


def totals_sql(cell: str, columns: Iterable[tuple[str, str]]) -> str:
    """SQL for the totals of an earlier cell whose rows are too many: totals_of() reads its row.

    `columns` are the cell's with their types. Empty where none of them has a total.
    """
    names = [_quoted(name) for name, kind in columns if _has_sum(name) and NUMBERS.fullmatch(kind)]
    sums = ",\n".join(f"    sum({name}) as {name}" for name in names)
    return f"select\n{sums}\nfrom {_quoted(cell)}\n" if names else ""


def _tile(column: str, total: int, tiles: Mapping[str, int | None]) -> str:
    """The one tile that a column adds up to; empty where there is none, or several."""
    meant = [WORDS[word] for word in _words(column) if word in WORDS]
    among = set(tiles).intersection(*meant)
    same = [name for name in tiles if name in among and tiles[name] == total]
    is_sure = bool(meant) or total >= ENOUGH
    return same[0] if len(same) == 1 and total > 0 and is_sure else ""


def _has_sum(column: str) -> bool:
    return not _words(column) & NO_SUMS


def _words(column: str) -> set[str]:
    """The words of a name: site_ref, "Site ref" and siteRef have the same."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return {word.casefold() for word in re.findall(r"[^\W\d_]+", apart)}


def _total(column: pd.Series) -> int | None:
    """The sum of whole numbers; None where there are others, or none."""
    whole = [_whole(value) for value in column if not is_missing(value)]
    numbers = [number for number in whole if number is not None]
    return sum(numbers) if numbers and len(numbers) == len(whole) else None


def _whole(value: Scalar) -> int | None:
    """A number without a fraction; None for all else."""
    if not is_number(value) or not float(value).is_integer() or abs(value) > MOST_EXACT:
        return None
    return int(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
