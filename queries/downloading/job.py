"""One download: what is requested, and its start from one snapshot of the data."""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from queries.downloading.formats import FORMATS, Failed
from queries.downloading.names import file_name, slug
from queries.downloading.receipts import history_of
from queries.downloading.spool import NO_ROOM, Spool
from queries.engine.execute import Cursor, begin_snapshot
from queries.engine.source import Source
from queries.engine.totals import run
from queries.filters import Filters

KINDS = ("codes", "transactions")
ROOM = 256 * 1024 * 1024  # bytes of the disk that stay free for other programs


@dataclass(frozen=True)
class DownloadRequest:
    """What is to be downloaded: rows of a kind, in a format, by filters, as of a moment."""

    kind: str
    form: str
    filters: Filters
    now: datetime
    values: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name."""
        if self.kind == "changes":
            change = slug(str(self.values["change"]))[:40]
            return f"changes_import-{self.values['import_id']}_{change}.csv"
        return file_name(self.kind, self.filters, self.now.date(), self.form)

    @property
    def has_receipt(self) -> bool:
        """Whether the download is recorded."""
        return self.kind != "changes"

    def tag(self, digest: str) -> str:
        """An ETag: the same for the same rows of the same data, by its state digest."""
        # Without an as-of day a status depends on the minute.
        by_clock = (self.filters.status and not self.filters.asof) or "more" in self.kind
        minute = self.now.strftime("%Y-%m-%d %H:%M") if by_clock else ""
        text = repr((self.kind, self.form, self.filters, self.values, digest, minute))
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


@dataclass(frozen=True)
class StartedDownload:
    """A download that is recorded and being written, all of one snapshot of the data."""

    tag: str
    receipt_id: str | None
    spool: Spool


def tag_of(source: Source, request: DownloadRequest) -> str:
    """The ETag that the download would have now."""
    with source.cursor() as cursor:
        return _tag(cursor, request)


def count_rows(source: Source, request: DownloadRequest) -> int:
    """About how many rows there will be, 0 for changes: an import may come in before the start."""
    if request.kind == "changes":
        return 0
    name = f"export_{request.kind.removesuffix('_more')}_rows"
    with source.cursor() as cursor:
        return int(run(cursor, name, request.filters, request.now)["rows"][0])


def start(
    source: Source, request: DownloadRequest, rows: int, on_written: Callable[[], None]
) -> StartedDownload:
    """Record the download before its first byte leaves, and start to write it. Raises Failed.

    The tag, the receipt and the rows are of one snapshot, whatever is imported meanwhile.
    `rows` is about how many. `on_written` is called when the engine has ended its part, or
    cannot begin it.
    """
    with ExitStack() as undo:
        undo.callback(on_written)
        cursor = undo.enter_context(source.cursor())
        _check_room(source.scratch, rows, request.form)
        begin_snapshot(cursor)
        tag = _tag(cursor, request)
        receipt_id = _record(source, cursor, request) if request.has_receipt else None
        spool = Spool(
            cursor,
            request.kind,
            request.filters,
            request.now,
            source.scratch,
            request.form,
            room=ROOM,
            on_written=on_written,
            **request.values,
        )
        undo.pop_all()  # from here on the spool closes the cursor and calls on_written
    return StartedDownload(tag, receipt_id, spool)


def _tag(cursor: Cursor, request: DownloadRequest) -> str:
    return request.tag(str(run(cursor, "state", Filters(), request.now)["digest"][0]))


def _record(source: Source, cursor: Cursor, request: DownloadRequest) -> str:
    history = history_of(source.path)
    return history.begin(
        cursor, request.kind, request.form, request.filters, request.now, request.name
    )


def _check_room(folder: Path, rows: int, form: str) -> None:
    """Raise Failed where the file, which lies on the store's disk until it is sent, has no room."""
    if shutil.disk_usage(folder).free < ROOM + rows * FORMATS[form].row_bytes:
        raise Failed(NO_ROOM)
