"""Counts the rows and commas of a CSV file, and refuses text that the engine could misread."""

import re
from pathlib import Path

import numpy as np

from data.importing.csv_records import LONGEST_LINE, TOO_LONG, last_row_line
from data.store.errors import Refused

CP1252_HOLES = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))  # bytes that Windows-1252 leaves out
BORDERS = np.isin(np.arange(256), list(b',"\r\n'))  # what stands around a field
BLANK_LINES = re.compile(rb"\n{2,}")
BARE_RETURN = re.compile(rb"\r(?!\n)")
BARE_NEWLINE = re.compile(rb"(?<!\r)\n")


class Lines:
    """Counts rows and commas over blocks of whole lines."""

    def __init__(self, path: Path) -> None:
        self.rows = -1  # the header is no row
        self.commas = 0
        self.plain = True
        self.may_hide = False
        self._path = path
        self._lines = 0
        self._in_quotes = False
        self._is_open = False  # the last line has no end yet
        self._crlf: bool | None = None

    def take(self, block: bytes) -> None:
        """Check and count the next block of the file. Raises Refused, with the line."""
        self._check_text(block)
        self._check_length(block)
        was_in_quotes = self._in_quotes
        bare = self._outside_quotes(block) if was_in_quotes or b'"' in block else block
        self._check_line_ends(bare, block, was_in_quotes)
        self._count(bare)
        self._lines += _count(block, b"\n")
        self.may_hide = self.may_hide or not self.plain or _may_hide(block)

    def end(self) -> None:
        """Count the last row after all blocks. Raises Refused where a quote is still open."""
        self.rows += self._is_open
        if self._in_quotes:
            raise Refused(
                "a double quote opens a field in this row and is never closed: "
                "a quote is missing, or the file was cut off.",
                line=last_row_line(self._path),
            )

    def _check_text(self, block: bytes) -> None:
        if (at := block.find(b"\0")) >= 0:
            raise Refused(
                "there is a zero byte here: the file is damaged, or it is UTF-16 text. "
                "Export it again as “CSV UTF-8”.",
                line=self._line_at(block, at),
            )
        if block.isascii():
            return
        try:
            block.decode()
        except UnicodeDecodeError as error:
            raise self._not_utf8(block, error.start) from None

    def _not_utf8(self, block: bytes, at: int) -> Refused:
        windows = not any(hole in block for hole in CP1252_HOLES)
        hint = "It may be Windows-1252, which can be read on request. " if windows else ""
        return Refused(
            "this is not UTF-8 text (an é or £ saved by an older program, perhaps). "
            f"{hint}Or save the file as “CSV UTF-8”.",
            line=self._line_at(block, at),
            maybe_windows=windows,
        )

    def _line_at(self, block: bytes, at: int) -> int:
        return self._lines + block.count(b"\n", 0, at) + 1

    def _check_length(self, block: bytes) -> None:
        half = LONGEST_LINE // 2
        windows = range(0, len(block) - half, half)
        if all(block.find(b"\n", at, at + half) >= 0 for at in windows):
            return  # no line can be longer than two halves
        for number, line in enumerate(block.split(b"\n")):
            if len(line) > LONGEST_LINE:
                raise Refused(
                    TOO_LONG,
                    line=self._lines + number + 1,
                )

    def _outside_quotes(self, block: bytes) -> bytes:
        """The block with each quoted text replaced by one letter."""
        texts = block.split(b'"')
        opened = int(self._in_quotes)
        outside = texts[opened::2]
        self._check_quotes(block, texts, opened)
        self._in_quotes ^= len(texts) % 2 == 0
        self.plain &= not any(b"\n" in text for text in texts[1 - opened :: 2])
        return b"x" * opened + b"x".join(outside)

    def _check_quotes(self, block: bytes, texts: list[bytes], opened: int) -> None:
        """Quotes open after a comma or at a line's start, and close before one or its end."""
        for place in range(opened, len(texts), 2):
            text = texts[place]
            is_right = not text or (
                (place == 0 or text[:1] in b",\r\n")
                and (place == len(texts) - 1 or text[-1:] in b",\n")
            )
            if not is_right:
                closes_wrong = place > 0 and text[:1] not in b",\r\n"
                at = sum(map(len, texts[:place])) + place + (0 if closes_wrong else len(text))
                raise Refused(
                    "there is a double quote in the middle of a field. A field with a quote in "
                    'it must stand in double quotes, and its own be doubled: "say ""hello""".',
                    line=self._line_at(block, at),
                )

    def _check_line_ends(self, bare: bytes, block: bytes, was_in_quotes: bool) -> None:
        newlines, pairs = _count(bare, b"\n"), 0
        if b"\r" in bare:
            pairs = bare.count(b"\r\n")
        if b"\r" in bare and _count(bare, b"\r") > pairs:
            raise Refused(
                "the line ends in a bare carriage return (as on very old Macs, or where a file "
                "was cut). Save the file with Windows or Unix line ends.",
                line=self._line_outside(block, BARE_RETURN, was_in_quotes),
            )
        if newlines and self._crlf is None:
            self._crlf = bare.find(b"\r\n") == bare.find(b"\n") - 1
        if pairs != (newlines if self._crlf else 0):
            other = BARE_NEWLINE if self._crlf else re.compile(rb"\r\n")
            raise Refused(
                "from here on the lines end in another way (Windows and Unix line ends are "
                "mixed), as happens when two files are put together. Import each by itself.",
                line=self._line_outside(block, other, was_in_quotes),
            )

    def _line_outside(self, block: bytes, form: re.Pattern[bytes], in_quotes: bool) -> int:
        """The line of the first place outside quotes where the form stands."""
        at = 0
        for text in block.split(b'"'):
            if not in_quotes and (found := form.search(text)):
                return self._line_at(block, at + found.start())
            at += len(text) + 1
            in_quotes = not in_quotes
        return self._lines + 1

    def _count(self, bare: bytes) -> None:
        lines = bare.replace(b"\r\n", b"\n") if self._crlf else bare
        blank = int(lines.startswith(b"\n") and not self._is_open)
        if b"\n\n" in lines:
            blank += sum(len(run[0]) - 1 for run in BLANK_LINES.finditer(lines))
        self.plain &= blank == 0
        self.rows += _count(lines, b"\n") - blank
        self.commas += _count(bare, b",")
        self._is_open = not lines.endswith(b"\n") and (self._is_open or lines != b"")


def _may_hide(block: bytes) -> bool:
    """Whether there is more than visible ASCII, or a blank around a field."""
    if not block.isascii() or b"\x7f" in block:
        return True
    array = np.frombuffer(block, np.uint8)
    # A carriage return that ends no line is invisible too.
    pairs = block.count(b"\r\n") if b"\r" in block else 0
    if np.count_nonzero(array < ord(" ")) != _count(block, b"\n") + pairs:
        return True
    blanks = np.flatnonzero(array == ord(" "))
    if not len(blanks):
        return False
    # The first and the last byte of a block stand at the border of a field.
    if blanks[0] == 0 or blanks[-1] == len(array) - 1:
        return True
    return bool(BORDERS[array[blanks - 1]].any() or BORDERS[array[blanks + 1]].any())


def _count(block: bytes, byte: bytes) -> int:
    """How often a frequent byte occurs, which bytes.count() is slow at."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == ord(byte)))
