"""Counts the rows in the bytes of a CSV file, as they pass."""

import hashlib
from pathlib import Path

import numpy as np

CHUNK = 1024 * 1024  # bytes
LINE_END = ord("\n")
NOT_MARKS = bytes(byte for byte in range(256) if byte not in b'"\n')


class Records:
    """How many rows the bytes so far hold: line ends outside quotes, less the header's."""

    def __init__(self) -> None:
        self._line_ends = 0
        self._in_quotes = False

    @property
    def rows(self) -> int:
        """The rows without the header."""
        return self._line_ends - 1

    def add(self, data: bytes) -> None:
        """Count the next bytes."""
        if b'"' not in data:
            self._line_ends += 0 if self._in_quotes else _line_ends(data)
            return
        # Of most quoted fields two quotes without a line end are left, which change nothing.
        marks = data.translate(None, NOT_MARKS).replace(b'""', b"")
        parts = marks.split(b'"')
        self._line_ends += b"".join(parts[self._in_quotes :: 2]).count(b"\n")
        self._in_quotes ^= len(parts) % 2 == 0


def _line_ends(data: bytes) -> int:
    """How many there are: bytes.count() takes five times as long."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == LINE_END))


def digest_and_rows(file: Path, form: str) -> tuple[str, int | None]:
    """The SHA-256 of a file and, of CSV, its number of rows, from one reading."""
    digest, records = hashlib.sha256(), Records()
    with file.open("rb") as content:
        while data := content.read(CHUNK):
            digest.update(data)
            if form == "csv":
                records.add(data)
    return digest.hexdigest(), records.rows if form == "csv" else None
