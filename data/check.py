"""Reads a file the way it lies on the disk, before the engine sees it.

DuckDB's reader drops rows in silence where a file changes its habits half-way
(line ends, quotes, columns). So each file is walked through here first: is it
the text of a Voucher Manager export, and how many rows does it hold?
"""

import codecs
import contextlib
import csv
import errno
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

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
TOO_LONG = "this row has more than a million characters: this is no export of Voucher Manager."
LOOKS_LIKE = {
    b"PK": "a zip archive or an Excel workbook (.xlsx)",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture, sound or film",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
}
A_PAGE = re.compile(rb"\s*<[!?a-z]", re.IGNORECASE)
CP1252_HOLES = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
BLANK_LINES = re.compile(rb"\n{2,}")
BARE_RETURN = re.compile(rb"\r(?!\n)")
BARE_NEWLINE = re.compile(rb"(?<!\r)\n")
UTF8_MARK = codecs.BOM_UTF8


class Refused(Exception):
    """A file that cannot be stored: what is wrong, where, and what would be right.

    The text never quotes the file: what stands in the wrong column may be a code.
    `maybe_windows`: the file may be right when it is read as Windows-1252.
    """

    def __init__(
        self,
        reason: str,
        *,
        line: int | None = None,
        column: str | None = None,
        maybe_windows: bool = False,
    ) -> None:
        place = [f"line {line:,}"] if line else []
        place += [f"column {column}"] if column else []
        super().__init__(f"{', '.join(place)}: {reason}" if place else reason)
        self.reason = reason
        self.line = line
        self.column = column
        self.maybe_windows = maybe_windows


def unreadable(error: OSError) -> Refused:
    """What the operating system has against a file, in the analyst's words."""
    if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return Refused("the disk is full. Make room and import it again.")
    return Refused(f"the file cannot be read ({error.strerror}).")


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
        raise unreadable(error) from None
    kind = _kind_of(head)
    lines = _Lines(path)
    for number, block in enumerate(_blocks(path)):
        lines.take(block)
        progress(min(1.0, number * BLOCK / max(size, 1)), "Checking")
    lines.end()
    found = Survey(path, kind, lines.rows, size, lines.plain)
    if lines.commas != (len(COLUMNS[kind]) - 1) * (lines.rows + 1):
        raise wrong_width(found) or Refused("a comma is out of place. Export the file again.")
    if lines.rows == 0:
        raise Refused(
            "the file has a header and no rows. Export it again from Voucher Manager "
            "and see that it lists something."
        )
    return found


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
    csv.field_size_limit(2**31 - 1)
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
        if sum(map(len, record)) > LONGEST_LINE:
            return Refused(TOO_LONG, line=line)
        if len(record) != wanted:
            return Refused(_width(survey, line, record, wanted), line=line)
    return None


def _width(survey: Survey, line: int, record: list[str], wanted: int) -> str:
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(record) == 1 and record[0].count(mark) >= wanted - 2:
            return f"from here on the fields are separated by {name}. Save the file with commas."
    fields = f"{len(record)} field{'' if len(record) == 1 else 's'}"
    if len(record) > wanted:
        return (
            f"the row has {fields} where {wanted} fields belong. "
            "A text with a comma in it must stand in double quotes."
        )
    if _ends_here(survey.path, line):
        return (
            f"the file was cut off here: its last row has {len(record)} of {wanted} fields. "
            "Export it again."
        )
    return f"the row has {fields} where {wanted} fields belong. Export the file again."


def _ends_here(path: Path, line: int) -> bool:
    """Whether the line is the file's last and does not end."""
    with path.open("rb") as file:
        number = sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    return number + 1 == line


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end where a line ends."""
    with path.open("rb") as file:
        while block := file.read(BLOCK) + file.readline(LONGEST_LINE):
            yield block.removeprefix(UTF8_MARK) if file.tell() == len(block) else block


def _kind_of(head: bytes) -> str:
    _must_be_text(head)
    text = head.removeprefix(UTF8_MARK)
    if text.startswith((b"\n", b"\r")):
        raise Refused("the first line is blank. It must be the header.", line=1)
    first = text.split(b"\n", 1)[0].split(b"\r", 1)[0]
    try:
        names = next(csv.reader([first.decode()]), [])
    except (UnicodeDecodeError, csv.Error):
        raise Refused("the header cannot be read as UTF-8 text.", line=1) from None
    for kind, columns in COLUMNS.items():
        if tuple(names) == columns:
            return kind
    raise _wrong_header(names)


def _must_be_text(head: bytes) -> None:
    if not head.removeprefix(UTF8_MARK).strip():
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
    if A_PAGE.match(head.removeprefix(UTF8_MARK)):
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
        _unknown(names, wanted),
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


def _unknown(names: list[str], wanted: tuple[str, ...]) -> str:
    """The unknown columns, by name where a name looks like one and by place elsewhere."""
    unknown = [
        f"column {place}" + (f" ({name})" if re.fullmatch("[A-Za-z_ ]{1,30}", name) else "")
        for place, name in enumerate(names, 1)
        if name not in wanted
    ]
    return f"unknown: {', '.join(unknown)}" if unknown else ""


def _displaced(names: list[str], wanted: tuple[str, ...]) -> list[str]:
    return [name for name, right in zip(names, wanted, strict=True) if name != right]


class _Lines:
    """Counts rows and commas over blocks of whole lines."""

    def __init__(self, path: Path) -> None:
        self.rows = -1  # the header is none
        self.commas = 0
        self.plain = True
        self._path = path
        self._lines = 0
        self._in_quotes = False
        self._is_open = False  # the last line has no end yet
        self._crlf: bool | None = None

    def take(self, block: bytes) -> None:
        self._check_text(block)
        self._check_length(block)
        was_in_quotes = self._in_quotes
        bare = self._outside_quotes(block) if was_in_quotes or b'"' in block else block
        self._check_line_ends(bare, block, was_in_quotes)
        self._count(bare)
        self._lines += _count(block, b"\n")

    def end(self) -> None:
        self.rows += self._is_open
        if self._in_quotes:
            raise Refused(
                "a double quote opens a field in this row and is never closed: "
                "a quote is missing, or the file was cut off.",
                line=_last_beginning(self._path),
            )

    def _check_text(self, block: bytes) -> None:
        if (at := block.find(b"\0")) >= 0:
            raise Refused(
                "there is a zero byte here: the file is damaged, or it is UTF-16 text. "
                "Export it again as “CSV UTF-8”.",
                line=self._line_at(block, at),
            )
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
        """The block with one letter for each text that stands in quotes."""
        texts = block.split(b'"')
        opened = int(self._in_quotes)
        outside = texts[opened::2]
        self._check_quotes(block, texts, opened)
        self._in_quotes ^= len(texts) % 2 == 0
        self.plain &= not any(b"\n" in text for text in texts[1 - opened :: 2])
        return b"x" * opened + b"x".join(outside)

    def _check_quotes(self, block: bytes, texts: list[bytes], opened: int) -> None:
        """Quotes open after a comma or at a line's beginning, and close before one or its end."""
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


def _count(block: bytes, sign: bytes) -> int:
    """How often a frequent byte occurs, which bytes.count() is slow at."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == ord(sign)))


def _last_beginning(path: Path) -> int:
    last = 1
    with contextlib.suppress(csv.Error):
        for line, _ in records(path):
            last = line
    return last
