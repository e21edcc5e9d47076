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
from queries.downloading.receipts import CHANGES, SINCE, columns, history_of
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
        kind = self._change_and_window if self.kind == SINCE else self.kind
        return file_name(kind, shown, self.asked_at.date(), self.form)

    @property
    def words(self) -> str | None:
        """What a receipt says in place of filters, where they choose nothing."""
        if self.kind != CHANGES:
            return None
        return f"What import {self.values['import_id']} changed: {self.values['change']}"

    @property
    def view(self) -> dict[str, str]:
        """What the page's address has beside the filters, to show what the file holds."""
        if self.kind != SINCE:
            return {}
        names = {"since": "since", "import": "from_import", "change": "change"}
        return {
            n: str(value) for n, own in names.items() if (value := self.values[own]) is not None
        }

    @property
    def _change_and_window(self) -> str:
        """For the name of a file: newly-redeemed-since-2026-11-23, gone-since-import-12."""
        since = self.values["since"] or f"import {self.values['from_import']}"
        return slug(f"{self.values['change']} since {since}")

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
        if request.kind == SINCE:
            since, first, change = (request.values[n] for n in ("since", "from_import", "change"))
            found = run(cursor, "since", request.filters, since=since, from_import=first)
            return int(found["codes"][found["change"] == change].sum())
        return int(run(cursor, name, request.filters)["rows"][0])


def start(
    source: Source,
    request: DownloadRequest,
    rows: int,
    before_writing: Callable[[], None],
    on_written: Callable[[], None],
) -> StartedDownload:
    """Record the download before its first byte leaves, and start to write it. Raises Failed.

    The tag, the receipt and the rows are of one snapshot, whatever is imported meanwhile.
    `rows` is about how many. `before_writing` is called by the thread that has the engine write a
    CSV file; `on_written` when the engine has ended its part, or cannot begin it.
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
            before_writing=before_writing,
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
        _facts(cursor, request) if request.values else None,
        shown,
        request.words,
        request.who,
        request.view,
    )
    return name, receipt_id


def _facts(cursor: Cursor, request: DownloadRequest) -> dict[str, object]:
    """The columns and the parameters of what is not chosen by filters alone."""
    is_change = request.kind == CHANGES
    named = list(COLUMNS_OF_CHANGES) if is_change else columns(cursor, request.kind)
    return {"columns": named, "parameters": dict(request.values)}


def _check_room(folder: Path, rows: int, form: str) -> None:
    """Raise Failed where the file, which lies on the store's disk until it is sent, has no room."""
    if shutil.disk_usage(folder).free < ROOM + rows * FORMATS[form].row_bytes:
        raise Failed(NO_ROOM)
