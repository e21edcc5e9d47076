"""Every text is stored and exported as it stands in the file."""

from pathlib import Path

import pytest

from data.importing.scope import LONGEST
from data.store.database import Store
from tests.support.exports import export_bytes
from tests.support.rows import CODES, TRANSACTIONS, Code, csv_bytes
from tests.support.stores import counts, import_rows, number_of

AWKWARD = [
    "0012345",
    "00000000",
    "12345678901234567890",
    "1234567890123456789012345678901234567890",
    "1E5",
    "0x1F",
    "1_000",
    "TRUE",
    "false",
    "=A1",
    '=HYPERLINK("http://x")',
    "+44",
    "-1",
    "@A",
    "NULL",
    "null",
    "NaN",
    "N/A",
    "\\N",
    "\\",
    "inf",
    "01/02/2016",
    "12:30",
    "#COMMENT",
    "two words",
    " leads",
    "trails ",
    "tab\tinside",
    "a,b",
    'say "hello"',
    '"',
    "it's",
    "semi;colon",
    "line\nbreak",
    "windows\r\nbreak",
    "old\rbreak",
    "Café",
    "Cafe\u0301",
    "漢字",
    "🍕🍺",
    "\u200bzero width",
    "\ufeffmark",
    "شيفرة",
    "ß",
    "{code}",
    "%d%s",
    "$1",
    "x" * 5000,
]


def test_codes_survive_as_text(store: Store, tmp_path: Path) -> None:
    rows = [Code(text, parent=text) for text in AWKWARD]
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (len(rows), 0, 0, 0)
    assert export_bytes(store, "codes") == csv_bytes([CODES, *rows])
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (0, 0, len(rows), 0)


def test_every_text_of_a_transaction_survives_and_finds_its_code(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "codes.csv", *(Code(text, text[:LONGEST]) for text in AWKWARD))
    rows = [
        (text, "08/01/2016 19:42", text, *[text[:LONGEST]] * 4, "No", "Yes") for text in AWKWARD
    ]
    assert counts(import_rows(store, tmp_path / "a.csv", *rows)) == (len(rows), 0, 0, 0)
    assert export_bytes(store, "transactions") == csv_bytes([TRANSACTIONS, *rows])
    assert number_of(store, "of_unknown_codes") == 0
    assert number_of(store, "redeemed_codes") == len(rows)


@pytest.mark.parametrize("text", ["1E5", "0012345", "TRUE", "00:15", "2016-01-01"])
def test_one_awkward_text_after_thousands_of_plain_ones_survives(
    store: Store, tmp_path: Path, text: str
) -> None:
    rows = [*(Code(str(n), item=str(n)) for n in range(1, 5001)), Code(text, item=text)]
    import_rows(store, tmp_path / "a.csv", *rows)
    assert export_bytes(store, "codes") == csv_bytes([CODES, *rows])
