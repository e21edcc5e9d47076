"""Files that every import refuses: no CSV, not UTF-8, mixed line ends, a wrong header."""

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.rows import CODES, SECRET, TRANSACTIONS, Code, Row, Transaction, csv_bytes, lines

A, B, C, D = (Code(f"{SECRET}{letter}") for letter in "ABCD")
SOLD_A, SOLD_B, SOLD_C = (Transaction(n, f"{SECRET}{letter}") for n, letter in enumerate("ABC"))
WITH_BREAK = Code(f"{SECRET}A", "Newspaper\nof\nJanuary")
MANY = [Code(f"{SECRET}{n}") for n in range(2000)]  # the engine looks at about as many first


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
        lines(CODES, A, text(Code(f"{SECRET}B", "Café £5")).encode("cp1252")), UTF8, 3
    ),
    "UTF-8 that is broken deep inside": Wrong(
        lines(CODES, *MANY, B)[:-10] + b"\xc3(" + lines(C), UTF8, 2002
    ),
    "half of a surrogate pair": Wrong(lines(CODES, A, b"\xed\xa0\x80" + lines(B)), UTF8, 3),
    "a file that is cut inside a letter": Wrong(
        lines(CODES, A, text(Code(f"{SECRET}B", "Cafe")) + "é")[:-2], UTF8, 3
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
WRONG_HEADERS = {
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
    "a header in small letters": Wrong(lines(text(CODES).lower(), A), "capital letters, blanks", 1),
    "a header with blanks": Wrong(
        lines(text(CODES).replace(",", ", "), A), "capital letters, blanks", 1
    ),
    "Excel's line above the header": Wrong(lines("sep=,", CODES, A), "Excel writes above", 1),
    "two byte-order marks": Wrong(b"\xef\xbb\xbf" * 2 + RIGHT, "two byte-order marks", 1),
    "a header in one pair of quotes": Wrong(lines(f'"{text(CODES)}"', A), HEADER, 1),
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
