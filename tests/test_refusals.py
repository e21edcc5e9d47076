"""Every way in which a file can be wrong: refused whole, in plain words, at the right place."""

import gzip
import io
import json
import re
import shutil
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.load import main
from data.store.database import Store
from data.store.errors import Refused
from queries import export
from queries.filters import Filters
from tests.files import CODES, TRANSACTIONS, Row, code, codes_file, csv_bytes, lines, transaction

NOW = datetime(2016, 2, 10)
# Each code in the wrong files has this in it; no message may.
SECRET = "QZ7"
A, B, C, D = (code(f"{SECRET}{letter}") for letter in "ABCD")
SOLD_A, SOLD_B, SOLD_C = (transaction(n, f"{SECRET}{letter}") for n, letter in enumerate("ABC"))
WITH_BREAK = code(f"{SECRET}A", "Newspaper\nof\nJanuary")
MANY = [code(f"{SECRET}{n}") for n in range(2000)]  # the engine looks at about as many first


@dataclass(frozen=True)
class Wrong:
    """A file, and what its message must say and where. No line: it is about the whole file."""

    content: bytes | Callable[[], bytes]
    says: str  # a pattern, whatever the case
    line: int | None = None
    column: str | None = None

    def bytes(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content()


def text(row: Row) -> str:
    """A row as it stands in a file, without its line end."""
    return csv_bytes([row]).decode().removesuffix("\n")


def changed(header: Row, **names: str) -> Row:
    """A header with other names."""
    return tuple(names.get(name, name) for name in header)


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def picture() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        sum_ = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + sum_

    head = bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0\0")), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


RIGHT = lines(CODES, A, B)
PAGE = "<html><head><title>Voucher Manager</title></head><body>Sign in</body></html>"
HEADER = r"header"
UTF8 = r"UTF-8"
DAY = r"DD/MM/YYYY HH:MM"
FIELDS = r"fields|columns"
QUOTE = r"quote"

NO_EXPORT = {
    "an empty file": Wrong(b"", "empty"),
    "a byte-order mark and nothing else": Wrong(b"\xef\xbb\xbf", "empty|header"),
    "blank lines and nothing else": Wrong(b"\n\r\n\n", "empty|header"),
    "only the header of codes": Wrong(lines(CODES), "no rows|only a header"),
    "only the header of transactions": Wrong(lines(TRANSACTIONS).strip(), "no rows|only a header"),
    "a header and blank lines": Wrong(lines(CODES, "", "", ""), "no rows|only a header"),
    "a web page": Wrong(f"<!DOCTYPE html>\n{PAGE}".encode(), "web page"),
    "a sign-in page": Wrong(f"\r\n\r\n  {PAGE}\n".encode(), "web page.*sign"),
    "a web page with a mark": Wrong(f"\ufeff{PAGE}".encode(), "web page"),
    "a spreadsheet saved as XML": Wrong(b'<?xml version="1.0"?>\n<Workbook/>', "not a CSV"),
    "a table of a web page": Wrong(b"<table><tr><td>Code</td></tr></table>", "web page|header"),
    "an Excel workbook": Wrong(zipped("xl/workbook.xml", b"<workbook/>"), "Excel.*CSV"),
    "a zip archive": Wrong(zipped("codes.csv", RIGHT), "zip.*CSV"),
    "an archive that would unpack to a gigabyte": Wrong(
        lambda: zipped("codes.csv", bytes(100_000_000)), "zip.*CSV"
    ),
    "an empty zip archive": Wrong(b"PK\x05\x06" + bytes(18), "zip|UTF-8"),
    "a gzip archive": Wrong(gzip.compress(RIGHT), "gzip.*CSV"),
    "a PNG picture": Wrong(picture(), "picture.*CSV"),
    "a JPEG picture": Wrong(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(50), "picture.*CSV"),
    "a GIF picture": Wrong(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "picture.*CSV"),
    "a PDF document": Wrong(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF.*CSV"),
    "an old Excel workbook": Wrong(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excel.*CSV"),
    "a 7-Zip archive": Wrong(b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40), "7z|UTF-8"),
    "a Parquet file": Wrong(b"PAR1\x15\x04\x15\x20" + bytes(40) + b"PAR1", "Parquet|UTF-8"),
    "a database": Wrong(b"SQLite format 3\x00" + bytes(84), "database|UTF-8"),
    "a JSON file": Wrong(json.dumps([{"Code": A[0]}]).encode(), HEADER),
    "a letter in RTF": Wrong(rb"{\rtf1\ansi " + A[0].encode() + b"}", HEADER),
    "a mail": Wrong(f"From: a@example.org\nSubject: codes\n\n{A[0]}\n".encode(), HEADER),
    "random bytes": Wrong(bytes(range(128, 256)) * 20, "UTF-8"),
}

NO_TEXT = {
    "UTF-16 with a mark": Wrong(RIGHT.decode().encode("utf-16"), UTF8),
    "UTF-16 the other way round with a mark": Wrong(
        b"\xfe\xff" + RIGHT.decode().encode("utf-16-be"), UTF8
    ),
    "UTF-16 without a mark": Wrong(RIGHT.decode().encode("utf-16-le"), UTF8),
    "UTF-16 the other way round without a mark": Wrong(RIGHT.decode().encode("utf-16-be"), UTF8),
    "UTF-32": Wrong(RIGHT.decode().encode("utf-32"), UTF8),
    "Windows-1252": Wrong(
        lines(CODES, A, text(code(f"{SECRET}B", "Café £5")).encode("cp1252")), UTF8, 3
    ),
    "UTF-8 that is broken deep inside": Wrong(
        lines(CODES, *MANY, B)[:-10] + b"\xc3(" + lines(C), UTF8, 2002
    ),
    "half of a surrogate pair": Wrong(lines(CODES, A, b"\xed\xa0\x80" + lines(B)), UTF8, 3),
    "a file that is cut inside a letter": Wrong(
        lines(CODES, A, text(code(f"{SECRET}B", "Cafe")) + "é")[:-2], UTF8, 3
    ),
    "a zero byte": Wrong(lines(CODES, A, B).replace(B[0].encode(), b"QZ7\0"), "zero byte", 3),
    "a zero byte deep inside": Wrong(
        lines(CODES, *MANY, B).replace(B[0].encode(), b"QZ7\0"), "zero byte", 2002
    ),
    "a zero byte in quotes": Wrong(lines(CODES, A, '"QZ7\0"' + text(B)[4:]), "zero byte", 3),
    "zero bytes at the end": Wrong(lines(CODES, *MANY, A) + bytes(4096), "zero byte", 2003),
}

LINE_ENDS = {
    "carriage returns only": Wrong(
        csv_bytes([CODES, A, B], line_end="\r"), "carriage return|line end", 1
    ),
    "a bare carriage return in a field": Wrong(
        lines(CODES, A, B, text(C).replace("Email", "E\rmail"), D), "carriage return|line end", 4
    ),
    "Windows line ends after Unix ones": Wrong(
        lines(CODES, A) + csv_bytes([B, C], line_end="\r\n"), "line end|lines end|mixed", 3
    ),
    "Unix line ends after Windows ones": Wrong(
        csv_bytes([CODES, A], line_end="\r\n") + lines(B, C), "line end|lines end|mixed", 3
    ),
    "Windows line ends after thousands of Unix ones": Wrong(
        lines(CODES, *MANY) + csv_bytes([A, B], line_end="\r\n"),
        "line end|lines end|mixed",
        2002,
    ),
    "other line ends after a line break in quotes": Wrong(
        lines(CODES, WITH_BREAK) + csv_bytes([B, C], line_end="\r\n"),
        "line end|lines end|mixed",
        5,
    ),
}

SEPARATORS = {
    "semicolons": Wrong(RIGHT.replace(b",", b";"), "semicolon.*comma", 1),
    "tabs": Wrong(RIGHT.replace(b",", b"\t"), "tab.*comma", 1),
    "bars": Wrong(RIGHT.replace(b",", b"|"), "bar.*comma", 1),
    "semicolons from row 2,001 on": Wrong(
        lines(CODES, *MANY) + lines(A, B, C).replace(b",", b";"), FIELDS, 2002
    ),
    "tabs from row 2,001 on": Wrong(
        lines(CODES, *MANY) + lines(A, B, C).replace(b",", b"\t"), FIELDS, 2002
    ),
    "a line that tells Excel the separator": Wrong(lines("sep=,", CODES, A), HEADER, 1),
    "semicolons, and a line that tells Excel so": Wrong(
        lines("sep=;") + RIGHT.replace(b",", b";"), f"semicolon|{HEADER}", 1
    ),
}

HEADERS = {
    "a missing column": Wrong(lines(CODES[:4] + CODES[5:], A), "missing.*Aztec_Redemption_Type", 1),
    "two missing columns": Wrong(
        lines(TRANSACTIONS[:-2], SOLD_A), "missing.*Cancelled.*Code Deleted", 1
    ),
    "an additional column": Wrong(
        lines((*CODES, "Colour"), (*A, "red")), r"(unknown|additional).*(Colour|\b10)", 1
    ),
    "an additional column in the middle": Wrong(
        lines((*CODES[:3], "Colour", *CODES[3:]), (*A[:3], "red", *A[3:])),
        r"(unknown|additional).*(Colour|\b4)",
        1,
    ),
    "an additional column without a name": Wrong(
        lines((*CODES, ""), (*A, "")), "unknown|additional|blank", 1
    ),
    "a doubled column": Wrong(lines((*CODES, "Code"), (*A, "x")), "(twice|double).*Code", 1),
    "a column instead of another": Wrong(
        lines(changed(CODES, Expiry_Date="Start_Date"), A), "missing.*Expiry_Date", 1
    ),
    "swapped columns": Wrong(
        lines(changed(CODES, Start_Date="Expiry_Date", Expiry_Date="Start_Date"), A),
        "order.*Expiry_Date, Start_Date",
        1,
    ),
    "columns from right to left": Wrong(lines(CODES[::-1], A[::-1]), "order", 1),
    "a renamed column": Wrong(
        lines(changed(CODES, Expiry_Date="Valid_Until"), A), "missing.*Expiry_Date", 1
    ),
    "an underscore in Code Deleted": Wrong(
        lines((*TRANSACTIONS[:-1], "Code_Deleted"), SOLD_A), "missing.*Code Deleted", 1
    ),
    "names in small letters": Wrong(lines(("code", *CODES[1:]), A), HEADER, 1),
    "all names in small letters": Wrong(lines(text(CODES).lower(), A), HEADER, 1),
    "a blank after each comma": Wrong(lines(text(CODES).replace(",", ", "), A), HEADER, 1),
    "names in another language": Wrong(lines("Gutschein,Gruppe,Beginn,Ende", A), HEADER, 1),
    "no header": Wrong(lines(A, B), HEADER, 1),
    "no header, and a code that looks like a column": Wrong(lines(("Code", *A[1:]), B), HEADER, 1),
    "a title above the header": Wrong(lines("Codes of January", CODES, A), HEADER, 1),
    "a header that is cut": Wrong(text(CODES)[:60].encode(), "missing|no rows", 1),
    "two byte-order marks": Wrong(b"\xef\xbb\xbf" * 2 + RIGHT, "header|mark", 1),
    "a header in one pair of quotes": Wrong(lines(f'"{text(CODES)}"', A), HEADER, 1),
}

WIDTHS = {
    "a row with too few fields": Wrong(lines(CODES, A, B[:6], C), FIELDS, 3),
    "a row with too many fields": Wrong(lines(CODES, A, (*B, "x"), C), FIELDS, 3),
    "a row with a comma too many at its end": Wrong(lines(CODES, A, (*B, ""), C), FIELDS, 3),
    "a comma too many at the end of each row": Wrong(lines(CODES, (*A, ""), (*B, "")), FIELDS, 2),
    "a comma that should stand in quotes": Wrong(
        lines(TRANSACTIONS, SOLD_A, text(SOLD_B).replace("Site001", "Leeds, North")), FIELDS, 3
    ),
    "one field": Wrong(lines(CODES, A, f"{SECRET}B", C), FIELDS, 3),
    "a last line that adds up": Wrong(lines(CODES, A, B, "Total,2"), FIELDS, 4),
    "a line of blanks": Wrong(lines(CODES, A, "   ", B), f"{FIELDS}|blank", 3),
    "an end-of-file sign of old": Wrong(lines(CODES, A) + b"\x1a", FIELDS, 3),
    "a short row after line breaks in quotes": Wrong(lines(CODES, WITH_BREAK, B[:6]), FIELDS, 5),
    "a short row after blank lines": Wrong(lines(CODES, A, "", "", B[:6]), FIELDS, 5),
    "a short row after thousands": Wrong(lines(CODES, *MANY, A[:8], *MANY), FIELDS, 2002),
    "a short row under a mark and Windows line ends": Wrong(
        csv_bytes([CODES, A, B[:6], C], line_end="\r\n", mark=True), FIELDS, 3
    ),
    "a file that is cut in the middle of a row": Wrong(
        lines(TRANSACTIONS, SOLD_A, SOLD_B)[:-7], f"{FIELDS}.*cut|cut.*{FIELDS}", 3
    ),
    "a file that is cut inside quotes": Wrong(
        lines(TRANSACTIONS, SOLD_A) + b'DF9,08/01/2016 19:42,QZ7B,"Email, S', QUOTE, 3
    ),
    "a file that is cut in its last field": Wrong(
        lines(TRANSACTIONS, SOLD_A, SOLD_B)[:-2], "Yes.*No", 3, "Code Deleted"
    ),
    "a file that is cut in its last date": Wrong(
        lines(CODES, A, code(f"{SECRET}B", redeemed="08/01/2016 19:42"))[:-2],
        DAY,
        3,
        "Redemption_Time",
    ),
}

QUOTES = {
    "a quote that never closes": Wrong(lines(CODES, A, f'"{text(B)}', C, D), QUOTE, 3),
    "a quote that never closes in the last field": Wrong(
        lines(CODES, A, f'{text(B)}"', C, D), QUOTE, 3
    ),
    "a quote that never closes after line breaks in quotes": Wrong(
        lines(CODES, WITH_BREAK, f'"{text(B)}', C, D), QUOTE, 5
    ),
    "a quote in the middle of a field": Wrong(
        lines(CODES, A, text(B).replace("Email", 'E"mail'), C), QUOTE, 3
    ),
    "a quote at the end of a field": Wrong(
        lines(CODES, A, text(B).replace("Email", 'Email"'), C, D), QUOTE, 3
    ),
    "quotes at the end of two fields": Wrong(
        lines(CODES, A, *(text(row).replace("Email", 'Email"') for row in (B, C)), D), QUOTE, 3
    ),
    "a text after a closing quote": Wrong(
        lines(CODES, A, text(B).replace("Email", '"Em"ail')), QUOTE, 3
    ),
    "a text after doubled quotes": Wrong(
        lines(CODES, A, text(B).replace("Email", '"Em"""ail'), C), QUOTE, 3
    ),
    "a backslash before a quote": Wrong(
        lines(CODES, A, text(B).replace("Email", r'"The \"Times\", Leeds"'), C), QUOTE, 3
    ),
    "a blank before an opening quote": Wrong(
        lines(CODES, A, text(B).replace("Email", ' "Email, SMS"'), C), QUOTE, 3
    ),
    "a blank after a closing quote": Wrong(
        lines(CODES, A, text(B).replace("Email", '"Email, SMS" '), C), QUOTE, 3
    ),
}

NO_DATES = {
    "American": ("12/25/2016 00:00", "American|month"),
    "ISO": ("2016-04-01 00:00", "ISO|year first"),
    "ISO with a T": ("2016-04-01T00:00", "ISO|year first"),
    "year first, with slashes": ("2016/04/01 00:00", "year first"),
    "with a two-digit year": ("01/04/16 00:00", "two digits|two-digit"),
    "of 31 February": ("31/02/2016 00:00", "calendar|no such day"),
    "of 29 February in no leap year": ("29/02/2015 00:00", "calendar|no such day"),
    "of day 0": ("00/01/2016 00:00", "calendar|no such day"),
    "without a time": ("01/04/2016", "time"),
    "at 24:00": ("01/04/2016 24:00", "time"),
    "at minute 60": ("01/04/2016 10:60", "time"),
    "at second 60": ("01/04/2016 23:59:60", "time"),
    "with parts of seconds": ("01/04/2016 23:59:01.5", ""),
    "without leading zeros": ("1/4/2016 0:00", "two digits"),
    "with AM": ("01/04/2016 09:00 AM", "am or pm"),
    "with dots": ("01.04.2016 00:00", "dots|slashes"),
    "with hyphens": ("01-04-2016 00:00", "dashes|hyphens|slashes"),
    "with a zone": ("01/04/2016 00:00+01:00", ""),
    "that Excel made a number": ("42461", "number"),
    "that Excel made a fraction": ("42461.5", "number"),
    "too narrow for Excel": ("########", ""),
    "in words": ("1 April 2016", ""),
    "in other digits": ("٠١/٠٤/٢٠١٦ 00:00", ""),
    "with a blank behind": ("01/04/2016 00:00 ", ""),
    "that is a word": ("never", ""),
    "that is a code": (f"{SECRET}X", ""),
    "that is NULL": ("NULL", ""),
}
DATES = {
    f"a date {how}": Wrong(
        lines(CODES, A, code(f"{SECRET}B", start=said), C),
        f"(?=.*({own})).*{DAY}",
        3,
        "Start_Date",
    )
    for how, (said, own) in NO_DATES.items()
} | {
    "a wrong expiry": Wrong(
        lines(CODES, A, code(f"{SECRET}B", expiry="2016-02-01")), DAY, 3, "Expiry_Date"
    ),
    "a wrong redemption time": Wrong(
        lines(CODES, A, code(f"{SECRET}B", redeemed="19:42")), DAY, 3, "Redemption_Time"
    ),
    "a wrong time": Wrong(
        lines(TRANSACTIONS, SOLD_A, transaction(2, f"{SECRET}B", time="01/13/2016 10:00")),
        DAY,
        3,
        "Time",
    ),
    "no time": Wrong(
        lines(TRANSACTIONS, SOLD_A, transaction(2, f"{SECRET}B", time="")), DAY, 3, "Time"
    ),
    "a wrong date after thousands of right ones": Wrong(
        lines(CODES, *MANY, code(f"{SECRET}B", start="04/25/2016 00:00"), *MANY),
        DAY,
        2002,
        "Start_Date",
    ),
    "a wrong date after line breaks in quotes": Wrong(
        lines(CODES, WITH_BREAK, code(f"{SECRET}B", start="x")), DAY, 5, "Start_Date"
    ),
    "a wrong date after blank lines": Wrong(
        lines(CODES, A, "", "", code(f"{SECRET}B", start="x")), DAY, 5, "Start_Date"
    ),
    "wrong dates in two rows": Wrong(
        lines(CODES, A, code(f"{SECRET}B", expiry="x"), code(f"{SECRET}C", start="y")),
        DAY,
        3,
        "Expiry_Date",
    ),
    "two files put together": Wrong(
        lines(CODES, A, CODES, B), "header.*two files", 3, "Start_Date"
    ),
    "transactions behind codes": Wrong(lines(CODES, A, TRANSACTIONS, SOLD_A), DAY, 3, "Start_Date"),
    "transactions under the header of codes": Wrong(
        lines(CODES, SOLD_A, SOLD_B), DAY, 2, "Start_Date"
    ),
    "codes under the header of transactions": Wrong(lines(TRANSACTIONS, A, B), DAY, 2, "Time"),
}

NEITHER = {
    **dict.fromkeys(("Nein", "Non", "Sí", "Cancelled", f"{SECRET}X"), "language|neither"),
    **dict.fromkeys(("yes", "NO", "Y", "TRUE", "False", "1", "0", "No "), ""),
    "": "",
}
YES_OR_NO = {
    f"Cancelled is “{said}”": Wrong(
        lines(TRANSACTIONS, SOLD_A, transaction(2, f"{SECRET}B", cancelled=said), SOLD_C),
        f"(?=.*({own})).*Yes.*No",
        3,
        "Cancelled",
    )
    for said, own in NEITHER.items()
} | {
    f"Code Deleted is “{said}”": Wrong(
        lines(TRANSACTIONS, SOLD_A, transaction(2, f"{SECRET}B", deleted=said)),
        "Yes.*No",
        3,
        "Code Deleted",
    )
    for said in ("", "Nein", "true")
}

KEYS = {
    "no code": Wrong(lines(CODES, A, code("")), "code.*(missing|needs)", 3, "Code"),
    "quotes instead of a code": Wrong(
        lines(CODES, A, f'""{text(code(""))}'), "code.*(missing|needs)", 3, "Code"
    ),
    "a blank code": Wrong(lines(CODES, A, code("   ")), "code.*(missing|needs)", 3, "Code"),
    "no group": Wrong(
        lines(CODES, A, code(f"{SECRET}B", "")), "Group_Name.*(missing|needs)", 3, "Group_Name"
    ),
    "a row of commas": Wrong(lines(CODES, A, "," * 8), "missing|needs", 3, "Code"),
    "no transaction ID": Wrong(
        lines(TRANSACTIONS, SOLD_A, ("", *SOLD_B[1:])),
        "Transaction_ID.*(missing|needs)",
        3,
        "Transaction_ID",
    ),
    "a transaction without a code": Wrong(
        lines(TRANSACTIONS, SOLD_A, transaction(2, "")), "code.*(missing|needs)", 3, "Code"
    ),
    "no code after thousands": Wrong(
        lines(CODES, *MANY, code(""), *MANY), "code.*(missing|needs)", 2002, "Code"
    ),
}

NO_QUANTITIES = {
    **dict.fromkeys(("-1", "-0", "- 1"), "negative"),
    **dict.fromkeys(("1.5", "1.0", "0,5"), "not whole|fraction"),
    **dict.fromkeys(("1e3", "one", "1 ", "+1", "1,000", "£1", f"{SECRET}X"), ""),
    "9" * 20: "large",
}
QUANTITIES = {
    f"a quantity of “{said}”": Wrong(
        lines(CODES, A, code(f"{SECRET}B", quantity=said)),
        f"(?=.*({own})).*whole number",
        3,
        "Aztec_Redemption_Quantity",
    )
    for said, own in NO_QUANTITIES.items()
}

SPREADSHEETS = {
    "a code in scientific notation": Wrong(
        lines(CODES, A, code("1.23E+19")), "spreadsheet|scientific", 3, "Code"
    ),
    "a code in scientific notation with a comma": Wrong(
        lines(CODES, A, code("1,23E+19")), "spreadsheet|scientific", 3, "Code"
    ),
    "a transaction of a code in scientific notation": Wrong(
        lines(TRANSACTIONS, SOLD_A, transaction(2, "1.23457E+19")),
        "spreadsheet|scientific",
        3,
        "Code",
    ),
}

X = b"x"
LONG = "million characters|too long|longer"
SIZES = {
    "a line of more than a megabyte": Wrong(
        lambda: lines(CODES, A, X * 1_500_000 + lines(B).strip(), C), LONG, 3
    ),
    "a line of three megabytes after a hundred rows": Wrong(
        lambda: lines(CODES, *MANY[:100], X * 3_000_000 + lines(B).strip(), C), LONG, 102
    ),
    "a text of three megabytes in quotes after a hundred rows": Wrong(
        lambda: lines(CODES, *MANY[:100], b'"' + (X * 999 + b"\n") * 3000 + b'"' + lines(B)[4:]),
        LONG,
        102,
    ),
    "a line of 100 megabytes": Wrong(lambda: lines(CODES, A, X * 100_000_000), LONG, 3),
    "100 megabytes in quotes": Wrong(
        lambda: lines(CODES, A, b'"' + X * 100_000_000 + b'"' + lines(B)[4:]), LONG, 3
    ),
    "100 megabytes without a line end": Wrong(lambda: X * 100_000_000, HEADER, 1),
}

WRONG = {
    **NO_EXPORT,
    **NO_TEXT,
    **LINE_ENDS,
    **SEPARATORS,
    **HEADERS,
    **WIDTHS,
    **QUOTES,
    **DATES,
    **YES_OR_NO,
    **KEYS,
    **QUANTITIES,
    **SPREADSHEETS,
    **SIZES,
}


@pytest.fixture(scope="module")
def yesterdays_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with a few rows, as it was yesterday."""
    folder = tmp_path_factory.mktemp("yesterday")
    opened = Store(folder / "vouchers.duckdb")
    load(opened, codes_file(folder / "codes.csv", code("OLD1"), A), Scope("May"))
    (folder / "sold.csv").write_bytes(lines(TRANSACTIONS, transaction(1, "OLD1")))
    load(opened, folder / "sold.csv")
    opened.close()
    return opened.path


@pytest.fixture
def yesterday(yesterdays_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own with yesterday's rows."""
    opened = Store(Path(shutil.copy(yesterdays_file, tmp_path / "vouchers.duckdb")))
    yield opened
    opened.close()


def held(store: Store) -> list[Any]:
    """Each row of each table."""
    with store.cursor() as cursor:
        return [
            cursor.execute("select * from vouchers.codes order by all").fetchall(),
            cursor.execute("select * from vouchers.transactions order by all").fetchall(),
            cursor.execute("select * from vouchers.imports order by all").fetchall(),
        ]


def exported(store: Store, folder: Path) -> bytes:
    """The file that all codes make."""
    with store.cursor() as cursor:
        export.write(cursor, "codes", Filters(), NOW, folder / "exported.csv")
    return (folder / "exported.csv").read_bytes()


def test_there_are_more_kinds_of_wrong_files_than_sixty() -> None:
    assert len(WRONG) >= 60


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_file_is_refused_at_the_right_place_and_nothing_is_stored(
    yesterday: Store, tmp_path: Path, kind: str
) -> None:
    wrong = WRONG[kind]
    path = tmp_path / "wrong.csv"
    path.write_bytes(wrong.bytes())
    before = held(yesterday)
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        load(yesterday, path)
    took = time.monotonic() - began
    error = refused.value
    assert SECRET not in str(error)
    assert re.search(wrong.says, error.reason, re.IGNORECASE | re.DOTALL), error.reason
    assert error.reason.endswith(".")
    assert error.line in ((None, 1) if wrong.line is None else (wrong.line,))
    assert error.column == wrong.column
    assert held(yesterday) == before
    assert took < 2
    # And the next file goes in as if nothing had been.
    assert load(yesterday, codes_file(tmp_path / "right.csv", B)).new == 1


@pytest.mark.parametrize("kind", [kind for kind in WRONG if "100 megabytes" not in kind])
def test_the_command_says_so_on_standard_error_without_a_code(
    yesterdays_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    wrong = WRONG[kind]
    store = shutil.copy(yesterdays_file, tmp_path / "vouchers.duckdb")
    path = tmp_path / "january.csv"
    path.write_bytes(wrong.bytes())
    assert main(["--store", str(store), "--json", str(path)]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == {"files": []}
    assert SECRET not in err
    assert "january.csv" in err
    if wrong.line:
        assert re.search(rf"line {wrong.line:,}\b", err)
    if wrong.column:
        assert wrong.column in err


# Deep in a file of several blocks, where lines have to be counted on.

DEEP = 70_000


@pytest.fixture(scope="module")
def thousands() -> bytes:
    row = text(code(f"{SECRET}0000", "A group with a rather long name"))
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
    "a wrong date": (lines(code(f"{SECRET}B", start="x")), DAY, "Start_Date"),
    "a wrong quantity": (
        lines(code(f"{SECRET}B", quantity="x")),
        "whole number",
        "Aztec_Redemption_Quantity",
    ),
    "no code": (lines(code("")), "code", "Code"),
}


@pytest.mark.parametrize("kind", DEEP_DOWN)
def test_deep_in_a_file_the_line_is_named_exactly(
    yesterday: Store, tmp_path: Path, thousands: bytes, kind: str
) -> None:
    wrong, says, column = DEEP_DOWN[kind]
    path = tmp_path / "wrong.csv"
    path.write_bytes(thousands + wrong + lines(C, D))
    before = held(yesterday)
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        load(yesterday, path)
    took = time.monotonic() - began
    assert (refused.value.line, refused.value.column) == (DEEP + 2, column)
    assert re.search(says, refused.value.reason, re.IGNORECASE)
    assert SECRET not in str(refused.value)
    assert held(yesterday) == before
    assert took < 2


# No file at all, and files that change.


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_what_is_no_file_is_refused(yesterday: Store, tmp_path: Path, name: str) -> None:
    before = held(yesterday)
    with pytest.raises(Refused, match="cannot be read"):
        load(yesterday, tmp_path / name)
    assert held(yesterday) == before


@pytest.mark.parametrize("change", ["grows", "shrinks"])
def test_a_file_that_changes_while_it_is_read_goes_in_as_it_was_or_not_at_all(
    yesterday: Store, tmp_path: Path, change: str
) -> None:
    path = codes_file(tmp_path / "wrong.csv", *MANY)
    after = lines(CODES, *MANY, D) if change == "grows" else lines(CODES, *MANY[:9])

    def meddle(share: float, doing: str) -> None:
        if doing == "Reading":  # it has been checked by now
            path.write_bytes(after)

    before = held(yesterday)
    try:
        done = load(yesterday, path, progress=meddle)
    except Refused as error:
        message = str(error)
    else:
        assert done.rows == len(MANY)
        return
    finally:
        assert path.read_bytes() == after
    assert SECRET not in message
    assert held(yesterday) == before


def refusal(store: Store, path: Path) -> Refused | None:
    """Why a file of two rows is refused, if it is."""
    try:
        assert load(store, path).rows == 2
    except Refused as error:
        return error
    return None


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_blank_line_above_the_header_is_forgiven_or_refused_where_it_is(
    yesterday: Store, tmp_path: Path, end: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(end.encode() + csv_bytes([CODES, B, C], line_end=end))
    refused = refusal(yesterday, path)
    if refused:
        assert (refused.line, refused.column) == (1, None)
        assert re.search("blank|empty|header", refused.reason)


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_file_that_is_cut_in_its_last_line_end_is_taken_or_refused_where_it_is(
    yesterday: Store, tmp_path: Path, end: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([TRANSACTIONS, SOLD_A, SOLD_B], line_end=end)[:-1])
    refused = refusal(yesterday, path)
    assert refused is None or refused.line == 3


# What only the store, or the person who imports, can tell.


@pytest.mark.parametrize("made", ["codes", "transactions"])
def test_leading_zeros_that_a_spreadsheet_dropped_are_refused(
    store: Store, tmp_path: Path, made: str
) -> None:
    load(store, codes_file(tmp_path / "sms.csv", code("0012345", "SMS"), code("0012346", "SMS")))
    path = tmp_path / "saved.csv"
    if made == "codes":
        path.write_bytes(lines(CODES, code("A1", "SMS"), code("12345", "SMS")))
    else:
        path.write_bytes(
            lines(TRANSACTIONS, transaction(1, "A1", "SMS"), transaction(2, "12345", "SMS"))
        )
    before = held(store)
    with pytest.raises(Refused, match="zero") as refused:
        load(store, path)
    assert (refused.value.line, refused.value.column) == (3, "Code")
    assert "12345" not in str(refused.value)
    assert held(store) == before


CAFE = [code("A1", "Café £5 – “free”"), code("A2", "Café £5 – “free”", parent="Ž\nœ")]


def test_windows_1252_is_read_when_it_is_said_to_be(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(csv_bytes([CODES, *CAFE], line_end="\r\n").decode().encode("cp1252"))
    with pytest.raises(Refused):
        load(store, path)
    assert load(store, path, encoding="windows-1252").new == 2
    assert exported(store, tmp_path) == csv_bytes([CODES, *CAFE])


def test_what_is_not_windows_1252_either_is_refused(yesterday: Store, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(lines(CODES, A) + lines(B).replace(b"Email", b"\x81\x8d"))
    before = held(yesterday)
    with pytest.raises(Refused) as refused:
        load(yesterday, path, encoding="windows-1252")
    assert SECRET not in str(refused.value)
    assert held(yesterday) == before


# What is odd but possible: stored, and said without a code.

ODD: dict[str, tuple[list[Row], str]] = {
    "an expiry that is not after the start": (
        [code(f"{SECRET}A", start="05/01/2016 00:00", expiry="05/01/2016 00:00")],
        "not after",
    ),
    "an expiry on a Sunday that is the month's last day": (
        [code(f"{SECRET}A", expiry="31/01/2016 00:00")],
        "expire",
    ),
    "an inner space": ([code(f"{SECRET} A")], "space"),
    "codes that differ only in case": ([code(f"{SECRET}A"), code(f"{SECRET}a")], "small|case"),
    "a redemption outside its code's dates": (
        [code(f"{SECRET}A", redeemed="01/01/2020 00:00")],
        "outside",
    ),
    "days that could be months": (
        [code(f"{SECRET}A", start="01/02/2016 00:00", expiry="02/03/2016 00:00")],
        "month",
    ),
    "rows that contradict one another": (
        [code(f"{SECRET}A", item="1"), code(f"{SECRET}A", item="2")],
        "later|last",
    ),
    "no quantity": ([code(f"{SECRET}A", quantity="")], "quantity"),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_is_odd_is_stored_and_said(store: Store, tmp_path: Path, kind: str) -> None:
    rows, says = ODD[kind]
    done = load(store, codes_file(tmp_path / "a.csv", *rows))
    assert done.new == done.rows - done.duplicates
    said = " ".join(done.warnings)
    assert re.search(says, said, re.IGNORECASE)
    assert SECRET not in said


def test_what_is_not_odd_gets_no_warning(store: Store, tmp_path: Path) -> None:
    rows = [code("A1", expiry="28/04/2018 00:00"), code("A2", redeemed="13/01/2016 19:42")]
    done = load(store, codes_file(tmp_path / "a.csv", *rows))
    assert [warning for warning in done.warnings if "month" not in warning] == []


# What looks wrong and is right.

GOOD: dict[str, list[Row]] = {
    "a code that is named as its column": [("Code", *A[1:]), A],
    "29 February of a leap year": [code("A1", start="29/02/2016 00:00")],
    "the last minute of all": [code("A1", expiry="31/12/9999 23:59")],
    "an expiry before the start": [code("A1", start="01/02/2016 00:00", expiry="01/01/2016 00:00")],
    "a redemption outside the code's dates": [code("A1", redeemed="01/01/2020 00:00")],
    "seconds": [code("A1", start="01/01/2016 23:59:59")],
    "no dates at all": [code("A1", start="", expiry="")],
    "a type that nobody knows": [code("A1", kind="Gift")],
    "a quantity of nought": [code("A1", quantity="0")],
    "a great quantity": [code("A1", quantity="1000000")],
    "an item code that is text": [code("A1", item="00000000017")],
    "a code that is its own parent": [code("A1", parent="A1")],
    "rows that begin with a sharp": [code("#A1"), code("# A2")],
    "a code of quotes alone": [code('""'), code('"')],
    "a name of a thousand characters": [code("A1", "n" * 1000)],
    "a line of half a megabyte": [code("A1", "n" * 500_000), code("A2")],
    "one row": [code("A1")],
    "commas, quotes and line breaks in every text": [
        code(f'A{n},"\n', 'G,"\n', kind='K,"\n', item='I,"\n', parent='P,"\n') for n in range(50)
    ],
    "a header in a text": [code("A1", parent="\n" + text(CODES) + "\n")],
    "a web page in a text": [code("A1", parent=PAGE)],
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_only_looks_wrong_is_stored_right(store: Store, tmp_path: Path, kind: str) -> None:
    path = codes_file(tmp_path / "a.csv", *GOOD[kind])
    done = load(store, path)
    assert (done.rows, done.new) == (len(GOOD[kind]), len(GOOD[kind]))
    assert exported(store, tmp_path) == path.read_bytes()


def test_line_breaks_in_quotes_over_several_blocks_are_stored_right(
    store: Store, tmp_path: Path
) -> None:
    rows = [code(f"A{n}", 'one\ntwo,\n\n"three"', parent="\r\n") for n in range(60_000)]
    path = codes_file(tmp_path / "a.csv", *rows)
    assert path.stat().st_size > 5_000_000
    assert load(store, path).new == 60_000
    assert exported(store, tmp_path) == path.read_bytes()
