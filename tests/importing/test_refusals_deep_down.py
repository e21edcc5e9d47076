"""A wrong row deep in a large file is refused at its line."""

import re
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.store.database import Store
from data.store.errors import Refused
from tests.support.rows import CODES, SECRET, Code, csv_bytes, lines
from tests.support.stores import all_rows
from tests.support.wrong_files import DAY, FIELDS, QUOTE, UTF8, B, C, D, text

DEEP = 70_000


@pytest.fixture(scope="module")
def thousands() -> bytes:
    row = text(Code(f"{SECRET}0000", "A group with a rather long name"))
    assert len(row) * DEEP > 6_000_000
    return lines(CODES, *[row] * DEEP)


DEEP_DOWN: dict[str, tuple[bytes, str, str | None]] = {
    "a zero byte": (b"QZ7\0" + lines(B), "zero byte", None),
    "a letter of Windows-1252": (b"Caf\xe9" + lines(B), UTF8, None),
    "a bare carriage return": (b"\r" + lines(B), "carriage return", None),
    "another line end": (csv_bytes([B], line_end="\r\n"), "line", None),
    "a quote that never closes": (b'"' + lines(B), QUOTE, None),
    "a quote in a field": (b'QZ"7' + lines(B), QUOTE, None),
    "a short row": (lines(B[:5]), FIELDS, None),
    "a long row": (lines((*B, "x")), FIELDS, None),
    "a wrong date": (lines(Code(f"{SECRET}B", start="x")), DAY, "Start_Date"),
    "a wrong quantity": (
        lines(Code(f"{SECRET}B", quantity="x")),
        "whole number",
        "Aztec_Redemption_Quantity",
    ),
    "no code": (lines(Code("")), "code", "Code"),
}


@pytest.mark.parametrize("kind", DEEP_DOWN)
def test_deep_in_a_file_the_line_is_named_exactly(
    unchanged: Store, tmp_path: Path, thousands: bytes, kind: str
) -> None:
    wrong, says, column = DEEP_DOWN[kind]
    path = tmp_path / "wrong.csv"
    path.write_bytes(thousands + wrong + lines(C, D))
    before = all_rows(unchanged)
    with pytest.raises(Refused) as refused:
        load(unchanged, path)
    assert (refused.value.line, refused.value.column) == (DEEP + 2, column)
    assert re.search(says, refused.value.reason, re.IGNORECASE)
    assert SECRET not in str(refused.value)
    assert all_rows(unchanged) == before
