"""Columns as the cells of a workbook: what XlsxWriter writes fastest, and unchanged."""

from datetime import datetime, timedelta
from decimal import Decimal
from html import escape
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

LONGEST_CELL = 32_767  # characters of UTF-16, of which an emoji takes two
# Excel counts a 29 February 1900, which never was: earlier dates would be off by one.
FIRST_DAY = datetime(1900, 3, 1)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1) // MICROSECOND
ZERO = (datetime(1899, 12, 30) - datetime(1970, 1, 1)) // MICROSECOND  # Excel's day 0, from 1970
TIME = "%d/%m/%Y %H:%M"
# XlsxWriter takes texts that begin and end so for XML that is written already.
LIKE_XML = ("<r>", "</r>")


class Cells(NamedTuple):
    """The cells of a column. `form` is how its numbers are shown, None for texts.

    A cell is None where it is empty. Dates that Excel does not know are texts among numbers.
    """

    values: list[Any]
    form: str | None

    def texts(self) -> list[str]:
        """Those that are texts."""
        return [value for value in self.values if isinstance(value, str)]


def cells_of(column: pa.Array) -> Cells:
    """The cells of a column, converted at once: to look at each value takes longer."""
    type_ = column.type
    if pa.types.is_timestamp(type_):
        return Cells(_days(column), "dd/mm/yyyy hh:mm")
    if pa.types.is_integer(type_):
        return Cells(column.to_pylist(), "General")
    if pa.types.is_decimal(type_):
        return Cells([_nearest(value) for value in column.to_pylist()], "#,##0.00")
    if pa.types.is_floating(type_):  # a rate: other fractions are decimals
        return Cells(column.to_pylist(), "0.0%")
    if pa.types.is_boolean(type_):
        column = pc.if_else(column, "Yes", "No")
    texts = [None if value is None else as_written(str(value)) for value in column.to_pylist()]
    return Cells(texts, None)


def as_written(text: str) -> str:
    """What XlsxWriter writes as this very text."""
    if not (text.startswith(LIKE_XML[0]) and text.endswith(LIKE_XML[1])):
        return text
    return f'<r><t xml:space="preserve">{escape(text, quote=False)}</t></r>'


def fits(text: str) -> bool:
    """Whether a cell takes what as_written() gives; else it would be cut without a word."""
    return len(text) <= LONGEST_CELL // 2 or len(text.encode("utf-16-le")) <= 2 * LONGEST_CELL


def _nearest(value: Decimal | None) -> float | None:
    """The nearest number of a workbook, which Arrow's own conversion misses by a bit."""
    return None if value is None else float(value)


def _days(times: pa.Array) -> list[Any]:
    """Excel's numbers of these times, or texts."""
    since = pc.subtract(pc.cast(pc.cast(times, pa.timestamp("us"), safe=False), pa.int64()), ZERO)
    whole = pc.divide(since, DAY)
    rest = pc.subtract(since, pc.multiply(whole, DAY))
    days = pc.add(pc.cast(whole, pa.float64()), pc.divide(pc.cast(rest, pa.float64()), float(DAY)))
    earliest = pc.min(times).as_py()
    if earliest is None or earliest >= FIRST_DAY:
        found: list[Any] = days.to_pylist()
        return found
    return [
        time.strftime(TIME) if time and time < FIRST_DAY else day
        for time, day in zip(times.to_pylist(), days.to_pylist(), strict=True)
    ]
