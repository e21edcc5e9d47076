"""A list of codes that somebody brings, to be compared with the store."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

MOST = 1_000_000  # lines
LONGEST_CODE = 1000  # characters; no code of a till comes near
LINES = pa.schema([("line", pa.int64()), ("code", pa.string())])


class NotAList(Exception):
    """What somebody brings cannot be read as a list of codes; the text says why, without codes."""


@dataclass(frozen=True)
class Listing:
    """The codes of a list, as they stand there, and where they were found.

    `lines` has one row per line with a code: its number in the file, and the code. `column` is the
    one of several `columns` in which the codes stand, empty where there is one alone.
    """

    lines: pa.Table
    column: str = ""
    columns: tuple[str, ...] = ()

    @property
    def codes(self) -> int:
        """How many lines have a code."""
        return int(self.lines.num_rows)


def listing(
    numbered: Iterable[tuple[int, str]], column: str = "", columns: tuple[str, ...] = ()
) -> Listing:
    """A list of these lines, without the blank ones. Raises NotAList."""
    numbers, codes = [], []
    for number, code in numbered:
        if not code.strip():
            continue
        if len(code) > LONGEST_CODE:
            raise NotAList(
                f"Line {number:,} has more than {LONGEST_CODE:,} characters. A list has one code "
                "per line, or a column of codes."
            )
        if "\n" in code:
            raise NotAList(
                f"Line {number:,} has a line break inside its code: a quote may not be closed."
            )
        numbers.append(number)
        codes.append(code)
        if len(codes) > MOST:
            raise NotAList(f"A list has at most {MOST:,} codes. Check it in parts.")
    if not codes:
        raise NotAList("There is no code in this list.")
    try:
        return Listing(pa.table([numbers, codes], LINES), column, columns)
    except UnicodeEncodeError:
        raise NotAList("The list has bytes that are no text (UTF-8).") from None
