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
from queries.downloading.receipts import CHANGES, history_of
from queries.downloading.spool import NO_ROOM, Spool
from queries.engine.execute import Cursor, begin_snapshot
from queries.engine.source import Source
from queries.engine.totals import run
from queries.filters import Filters

KINDS = ("codes", "transactions")
COLUMNS_OF_CHANGES = ("Group_Name", "Code", "Transaction_ID")
ROOM = 256 * 1024 * 1024  # bytes of the disk that stay free for other programs


@dataclass(frozen=True)
class DownloadRequest:
    """What is to be downloaded: rows of a kind, in a format, by filters.

    `asked_at` is the time by the clock. `who` is the name of the person, for the receipt.
    """

    kind: str
    form: str
    filters: Filters
    asked_at: datetime
    who: str = ""
    values: dict[str, object] = field(default_factory=dict)

    def name(self, shown: Filters) -> str:
        """The file's name, by the filters as it may show them."""
        if self.kind == CHANGES:
            change = slug(str(self.values["change"]))[:40]
            return f"changes_import-{self.values['import_id']}_{change}.csv"
        return file_name(self.kind, shown, self.asked_at.date(), self.form)

    @property
    def words(self) -> str | None:
        """What a receipt says in place of filters, where they choose nothing."""
        if self.kind != CHANGES:
            return None
        return f"What import {self.values['import_id']} changed: {self.values['change']}"

    def tag(self, digest: str) -> str:
        """An ETag: the same for the same rows of the same data, by its state digest."""
        text = repr((self.kind, self.form, self.filters, self.values, digest))
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


@dataclass(frozen=True)
class StartedDownload:
    """A download that is recorded and being written, all of one snapshot of the data."""

    tag: str
    receipt_id: str
    spool: Spool
    name: str = ""  # of the file


def head(source: Source, request: DownloadRequest) -> tuple[str, str]:
    """The name and the ETag that the download would have now. Nothing is recorded."""
    with source.cursor() as cursor:
        begin_snapshot(cursor)
        shown = history_of(source.path).redaction(cursor).filters(request.filters)
        return request.name(shown.filters), _tag(cursor, request)


def count_rows(source: Source, request: DownloadRequest) -> int:
    """About how many rows there will be, 0 for changes: an import may come in before the start."""
    if request.kind == CHANGES:
        return 0
    name = f"export_{request.kind.removesuffix('_more')}_rows"
    with source.cursor() as cursor:
        return int(run(cursor, name, request.filters)["rows"][0])


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
        name, receipt_id = _record(source, cursor, request)
        spool = Spool(
            cursor,
            request.kind,
            request.filters,
            None,
            source.scratch,
            request.form,
            room=ROOM,
            on_written=on_written,
            **request.values,
        )
        undo.pop_all()  # from here on the spool closes the cursor and calls on_written
    return StartedDownload(tag, receipt_id, spool, name)


def _tag(cursor: Cursor, request: DownloadRequest) -> str:
    return request.tag(str(run(cursor, "state", Filters())["digest"][0]))


def _record(source: Source, cursor: Cursor, request: DownloadRequest) -> tuple[str, str]:
    """Begin the receipt. Returns the file's name, and the receipt's ID."""
    history = history_of(source.path)
    shown = history.redaction(cursor).filters(request.filters)
    name = request.name(shown.filters)
    receipt_id = history.begin(
        cursor,
        request.kind,
        request.form,
        request.filters,
        request.asked_at,
        name,
        _facts_of_changes(request) if request.kind == CHANGES else None,
        shown,
        request.words,
        request.who,
    )
    return name, receipt_id


def _facts_of_changes(request: DownloadRequest) -> dict[str, object]:
    return {"columns": list(COLUMNS_OF_CHANGES), "parameters": dict(request.values)}


def _check_room(folder: Path, rows: int, form: str) -> None:
    """Raise Failed where the file, which lies on the store's disk until it is sent, has no room."""
    if shutil.disk_usage(folder).free < ROOM + rows * FORMATS[form].row_bytes:
        raise Failed(NO_ROOM)
