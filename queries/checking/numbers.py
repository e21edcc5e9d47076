"""What a spreadsheet may have made a number of: codes by their value, or by their first digits."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

NOTATION = re.compile(r"(\d)(?:[.,](\d+))?[eE](\+?)(\d{1,3})")
DIGITS = re.compile(r"\d{1,300}")
EXACT = 15  # digits of a number that Excel keeps; zeros stand for the others
NUMBERS = pa.schema(
    [
        ("code", pa.string()),
        ("value", pa.float64()),
        ("digits", pa.int64()),
        ("begins", pa.string()),
    ]
)


class Beginning(NamedTuple):
    """How many digits a code has, and the first of them."""

    digits: int
    begins: str


def numbers(codes: Iterable[str]) -> pa.Table:
    """The codes that are a number: a row with the value, and one per beginning it may stand for."""
    rows = [row for code in codes for row in _rows(code)]
    columns = list(zip(*rows, strict=True)) or [()] * len(NUMBERS)
    return pa.table([list(column) for column in columns], NUMBERS)


def _rows(code: str) -> Iterator[tuple[str, float, int | None, str | None]]:
    notation = NOTATION.fullmatch(code)
    if notation is None and not DIGITS.fullmatch(code):
        return
    value = float(code.replace(",", "."))
    yield code, value, None, None
    for digits, begins in _beginnings(code, notation):
        yield code, value, digits, begins


def _beginnings(code: str, notation: re.Match[str] | None) -> Iterable[Beginning]:
    if notation is None:
        kept, lost = code[:EXACT], code[EXACT:]
        is_cut = bool(lost) and not lost.strip("0")
        return [Beginning(len(code), kept)] if is_cut else []
    first, rest, plus, exponent = notation.groups()
    shown, digits = first + (rest or ""), int(exponent) + 1
    if not plus or digits <= len(shown):
        whole = shown.ljust(digits, "0")
        return [] if whole[digits:].strip("0") else [Beginning(digits, whole[:digits])]
    # 1.24E+19 stands for what is rounded to it, and for what is cut.
    low, high = int(shown) * 10 - 5, int(shown) * 10 + 9
    size = len(shown) + 1
    return [Beginning(digits, text) for n in range(low, high + 1) if len(text := str(n)) == size]
