"""Reads a file the way it lies on the disk, before the engine sees it.

DuckDB's reader drops rows in silence where a file changes its habits half-way
(line ends, quotes, columns). So each file is walked through here first: is it
the text of a Voucher Manager export, and how many rows does it hold?
"""

import codecs
import contextlib
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[float, str], None]

COLUMNS = {
    "codes": (
        "Code",
        "Group_Name",
        "Start_Date",
        "Expiry_Date",
        "Aztec_Redemption_Type",
        "Aztec_Redemption_Quantity",
        "Aztec_Item_Code",
        "Parent_Code",
        "Redemption_Time",
    ),
    "transactions": (
        "Transaction_ID",
        "Time",
        "Code",
        "Group_Name",
        "Campaign_ID",
        "Campaign_Name",
        "Site_Ref",
        "Cancelled",
        "Code Deleted",
    ),
}

BLOCK = 4 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
LOOKS_LIKE = {
    b"PK\x03\x04": "a zip archive or an Excel workbook (.xlsx)",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
}
A_MARK_AND_A_PAGE = re.compile(rb"\s*<(!doctype|html|head|body|\?xml)", re.IGNORECASE)
BLANK_LINES = re.compile(rb"\n{2,}")
# A quote that neither opens nor closes a field and is not doubled either.
STRAY_QUOTE = re.compile(rb'[^,\r\n"]"[^",\r\n]')
UTF8_MARK = codecs.BOM_UTF8


class Refused(Exception):
    """A file that cannot be stored: what is wrong, where, and what would be right.

    The text never quotes the file: what stands in the wrong column may be a code.
    """

    def __init__(self, reason: str, *, line: int | None = None, column: str | None = None) -> None:
        place = [f"line {line:,}"] if line else []
        place += [f"column {column}"] if column else []
        super().__init__(f"{', '.join(place)}: {reason}" if place else reason)
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Survey:
    """What a file holds, counted without the engine."""

    path: Path
    kind: str  # a key of COLUMNS
    rows: int  # without the header and blank lines
    bytes: int
    plain: bool  # one line per row: no quoted line breaks, no blank lines


def survey(path: Path, progress: Progress = lambda share, doing: None) -> Survey:
    """Walk through `path` once. Raises Refused, with the line where there is one."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(64 * 1024)
    except OSError as error:
        raise Refused(f"the file cannot be read ({error.strerror}).") from None
    kind = _kind_of(head)
    lines = _Lines(path)
    for number, block in enumerate(_blocks(path)):
        lines.take(block)
        progress(min(1.0, number * BLOCK / max(size, 1)), "Checking")
    lines.end()
    if lines.rows == 0:
        raise Refused(
            "the file has a header and no rows. Export it again from Voucher Manager "
            "and see that it lists something."
        )
    return Survey(path, kind, lines.rows, size, lines.plain)


def kind_of(path: Path) -> str:
    """Tell codes from transactions by the header alone. Raises Refused."""
    with path.open("rb") as file:
        return _kind_of(file.read(64 * 1024))


def line_of(survey: Survey, row: int) -> int:
    """The line that the row (counted from 0, without the header) begins on."""
    return lines_of(survey, {row})[row]


def lines_of(survey: Survey, rows: set[int]) -> dict[int, int]:
    """The lines that rows (counted from 0, without the header) begin on."""
    if survey.plain or not rows:
        return {row: row + 2 for row in rows}
    found = {}
    for number, (line, _) in enumerate(records(survey.path)):
        if number - 1 in rows:
            found[number - 1] = line
        if number > max(rows):
            break
    return found


def field_of(survey: Survey, row: int, column: str) -> tuple[int, str]:
    """The line of a row, and the text in one of its columns."""
    place = COLUMNS[survey.kind].index(column)
    for number, (line, record) in enumerate(records(survey.path)):
        if number == row + 1:
            return line, record[place]
    raise IndexError(row)


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The records of a file, header first, each with the line that it begins on."""
    csv.field_size_limit(LONGEST_LINE * 2)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        begins = 1
        for record in reader:
            if record:
                yield begins, record
            begins = reader.line_num + 1


def wrong_width(survey: Survey) -> Refused | None:
    """The first row that has too few or too many fields, if there is one."""
    wanted = len(COLUMNS[survey.kind])
    for line, record in records(survey.path):
        if len(record) != wanted:
            return Refused(
                f"the row has {len(record)} fields where {wanted} belong. "
                "A text with a comma in it must stand in double quotes; "
                "a row that ends early is a download that was cut off.",
                line=line,
            )
    return None


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end where a line ends."""
    with path.open("rb") as file:
        while block := file.read(BLOCK) + file.readline(LONGEST_LINE):
            yield block.removeprefix(UTF8_MARK) if file.tell() == len(block) else block


def _kind_of(head: bytes) -> str:
    _must_be_text(head)
    first = head.removeprefix(UTF8_MARK).lstrip(b"\r\n").split(b"\n", 1)[0].split(b"\r", 1)[0]
    try:
        names = next(csv.reader([first.decode()]), [])
    except (UnicodeDecodeError, csv.Error):
        raise Refused("the header cannot be read as UTF-8 text.", line=1) from None
    for kind, columns in COLUMNS.items():
        if tuple(names) == columns:
            return kind
    raise _wrong_header(names)


def _must_be_text(head: bytes) -> None:
    if not head.strip():
        raise Refused("the file is empty. Export it again from Voucher Manager.")
    for start, what in LOOKS_LIKE.items():
        if head.startswith(start):
            raise Refused(f"this is {what}, not a CSV file. Save or unpack it as CSV first.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head[:4096]:
        raise Refused(
            "this is not UTF-8 text: it holds zero bytes, as UTF-16 and programs do. "
            "Save it as “CSV UTF-8”.",
            line=head[: head.find(b"\0")].count(b"\n") + 1,
        )
    if A_MARK_AND_A_PAGE.match(head.removeprefix(UTF8_MARK)):
        raise Refused(
            "this is a web page, not a CSV file: perhaps the sign-in page of Voucher Manager. "
            "Sign in there and export again."
        )


def _wrong_header(names: list[str]) -> Refused:
    near = max(COLUMNS, key=lambda kind: len(set(COLUMNS[kind]) & set(names)))
    wanted = COLUMNS[near]
    known = [name for name in names if name in wanted]
    if len(known) < 2:
        return _foreign_header(names)
    problems = [
        _listed("missing", [name for name in wanted if name not in names]),
        _listed("twice", sorted({name for name in known if known.count(name) > 1})),
        _unknown(len(names) - len(known)),
    ]
    said = [problem for problem in problems if problem]
    if not said:
        said = [f"out of order: {', '.join(_displaced(names, wanted))}"]
    return Refused(
        f"the header is not that of a {near} file ({'; '.join(said)}). "
        f"It must be exactly: {', '.join(wanted)}.",
        line=1,
    )


def _foreign_header(names: list[str]) -> Refused:
    for mark, what in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(names) == 1 and mark in names[0]:
            return Refused(
                f"the columns are separated by {what}. Save the file with commas.", line=1
            )
    return Refused(
        "this is neither a codes file nor a transactions file of Voucher Manager: "
        f"the first line must be the header {','.join(COLUMNS['codes'])} "
        f"or {','.join(COLUMNS['transactions'])}.",
        line=1,
    )


def _listed(word: str, names: list[str]) -> str:
    return f"{word}: {', '.join(names)}" if names else ""


def _unknown(count: int) -> str:
    # Not named: without a header the first row of codes would stand here.
    return f"unknown: {count} column{'s' if count > 1 else ''}" if count else ""


def _displaced(names: list[str], wanted: tuple[str, ...]) -> list[str]:
    return [name for name, right in zip(names, wanted, strict=True) if name != right]


class _Lines:
    """Counts rows over blocks of whole lines."""

    def __init__(self, path: Path) -> None:
        self.rows = -1  # the header is none
        self.plain = True
        self._path = path
        self._lines = 0
        self._in_quotes = False
        self._crlf: bool | None = None

    def take(self, block: bytes) -> None:
        self._check_text(block)
        bare = self._outside_quotes(block) if self._in_quotes or b'"' in block else block
        self._check_line_ends(bare)
        self._check_length(block)
        self._count_rows(bare)
        self._lines += block.count(b"\n")

    def end(self) -> None:
        if self._in_quotes:
            raise Refused(
                "a double quote opens a field in this row and is never closed: "
                "a quote is missing, or the file was cut off.",
                line=_last_beginning(self._path),
            )

    def _check_text(self, block: bytes) -> None:
        if (at := block.find(b"\0")) >= 0:
            raise Refused(
                "there is a zero byte here: the file is damaged. Export it again.",
                line=self._line_at(block, at),
            )
        try:
            block.decode()
        except UnicodeDecodeError as error:
            raise Refused(
                "this is not UTF-8 text (an é or £ saved by an older program, perhaps). "
                "Save the file as “CSV UTF-8”.",
                line=self._line_at(block, error.start),
            ) from None

    def _line_at(self, block: bytes, at: int) -> int:
        return self._lines + block.count(b"\n", 0, at) + 1

    def _outside_quotes(self, block: bytes) -> bytes:
        """The block with one letter for each text that stands in quotes."""
        if stray := STRAY_QUOTE.search(block):
            raise Refused(
                "there is a double quote in the middle of a field. A field with a quote in it "
                'must stand in double quotes, and its own quotes be doubled: "say ""hello""".',
                line=self._line_at(block, stray.start() + 1),
            )
        texts = block.split(b'"')
        opened = int(self._in_quotes)
        self._in_quotes ^= len(texts) % 2 == 0
        self.plain &= not any(b"\n" in text for text in texts[1 - opened :: 2])
        return b"x" * opened + b"x".join(texts[opened::2])

    def _check_line_ends(self, bare: bytes) -> None:
        newlines, pairs = bare.count(b"\n"), bare.count(b"\r\n")
        if bare.count(b"\r") > pairs:
            raise Refused(
                "the lines end in a bare carriage return (as on very old Macs). "
                "Save the file with Windows or Unix line ends.",
                line=self._lines + 1,
            )
        if newlines and self._crlf is None:
            self._crlf = bare.find(b"\r\n") == bare.find(b"\n") - 1
        if pairs != (newlines if self._crlf else 0):
            raise Refused(
                "from here on the lines end in another way (Windows and Unix line ends are "
                "mixed), as happens when two files are put together. Import each by itself.",
                line=self._lines + _first_change(bare, bool(self._crlf)),
            )

    def _check_length(self, block: bytes) -> None:
        if len(block) <= LONGEST_LINE:
            return
        if block.count(b"\n") < 64 and max(map(len, block.split(b"\n"))) > LONGEST_LINE:
            raise Refused(
                "here begins a line of more than a million characters: "
                "this is not an export of Voucher Manager.",
                line=self._lines + 1,
            )

    def _count_rows(self, bare: bytes) -> None:
        lines = bare.replace(b"\r\n", b"\n")
        blank = lines.startswith(b"\n") + sum(len(m[0]) - 1 for m in BLANK_LINES.finditer(lines))
        self.plain &= blank == 0
        self.rows += lines.count(b"\n") - blank + (not lines.endswith(b"\n") and lines != b"")


def _last_beginning(path: Path) -> int:
    last = 1
    with contextlib.suppress(csv.Error):
        for line, _ in records(path):
            last = line
    return last


def _first_change(bare: bytes, crlf: bool) -> int:
    end = re.compile(rb"(?<!\r)\n" if crlf else rb"\r\n").search(bare)
    return bare.count(b"\n", 0, end.start()) + 1 if end else 1
