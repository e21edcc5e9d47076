"""Scans a file's bytes before the engine reads them.

DuckDB's reader silently drops rows where the line ends, quotes or columns of a file change
half-way. So each file is scanned here first: is it the text of a Voucher Manager export, and how
many rows does it hold?
"""

from collections.abc import Iterator
from pathlib import Path

from data.importing.csv_file import COLUMNS, Survey
from data.importing.csv_header import UTF8_MARK, kind_of
from data.importing.csv_lines import Lines
from data.importing.csv_records import LONGEST_LINE, wrong_width
from data.store.errors import Refused, not_read
from data.store.originals import BLOCK
from data.store.progress import Progress, ignore_progress


def survey(path: Path, progress: Progress = ignore_progress) -> Survey:
    """Scan the file at `path` once. Raises Refused, with the line where there is one."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(64 * 1024)
    except OSError as error:
        raise not_read(error) from None
    kind = kind_of(head)
    lines = Lines(path)
    for number, block in enumerate(_blocks(path)):
        lines.take(block)
        progress(min(1.0, number * BLOCK / max(size, 1)), "Checking")
    lines.end()
    found = Survey(path, kind, lines.rows, size, lines.plain, lines.may_hide)
    if lines.commas != (len(COLUMNS[kind]) - 1) * (lines.rows + 1):
        right = (len(COLUMNS[kind]) - 1) * (lines.rows + 1)
        raise wrong_width(found) or Refused(
            f"{lines.commas:,} commas stand outside double quotes where {right:,} belong. "
            "Export the file again."
        )
    if lines.rows == 0:
        raise Refused(
            "the file has a header and no rows. Export it again from Voucher Manager "
            "and see that it lists something."
        )
    return found


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end where a line ends."""
    with path.open("rb") as file:
        while block := file.read(BLOCK) + file.readline(LONGEST_LINE):
            yield block.removeprefix(UTF8_MARK) if file.tell() == len(block) else block
