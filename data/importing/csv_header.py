"""Tells what a file is by its first bytes and its header."""

import codecs
import csv
import re

from data.importing.csv_file import COLUMNS
from data.store.errors import Refused

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
UTF8_MARK = codecs.BOM_UTF8


def kind_of(head: bytes) -> str:
    """Codes or transactions, by the first bytes of a file. Raises Refused."""
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
    if head.startswith(UTF8_MARK * 2):
        raise Refused(
            "the file begins with two byte-order marks (EF BB BF) where one at most belongs. "
            "Export it again, or save it as “CSV UTF-8” once more.",
            line=1,
        )
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
    for kind, wanted in COLUMNS.items():
        if [_bare(name) for name in names] == [_bare(name) for name in wanted]:
            return Refused(
                f"the header is that of a {kind} file but for capital letters, blanks or signs "
                f"that nobody sees. It must be exactly: {', '.join(wanted)}.",
                line=1,
            )
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
    found = [problem for problem in problems if problem]
    if not found:
        found = [f"out of order: {', '.join(_displaced(names, wanted))}"]
    return Refused(
        f"the header is not that of a {near} file ({'; '.join(found)}). "
        f"It must be exactly: {', '.join(wanted)}.",
        line=1,
    )


def _bare(name: str) -> str:
    return re.sub(r"\W", "", name).casefold()


def _foreign_header(names: list[str]) -> Refused:
    for mark, what in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(names) == 1 and mark in names[0]:
            return Refused(
                f"the columns are separated by {what}. Save the file with commas.", line=1
            )
    if names[0].lower().startswith("sep="):
        return Refused(
            "the first line is one that Excel writes above the header. Remove it, or export the "
            "file again from Voucher Manager.",
            line=1,
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
