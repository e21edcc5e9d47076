"""The download routes: chosen rows as a file, what an import changed, and receipts."""

import asyncio
import hashlib
import re
import shutil
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import duckdb
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from data import owner
from data.importing.input_file import ROOM
from data.store.errors import StoreUnavailable
from data.store.settings import store_path
from queries import export
from queries.filters import Filters
from queries.formats import FORMATS
from queries.receipts import history_of
from queries.run import one_state, run
from queries.spool import NO_ROOM

T = TypeVar("T")
# A pool of its own: Streamlit's few threads must stay free for the pages.
READERS = ThreadPoolExecutor(16, thread_name_prefix="download")
LARGE = 5_000_000  # rows, for which the engine takes up to a gigabyte and a half of memory
_of_large = threading.Semaphore(1)  # files: they are written one after the other
ROW = {"csv": 120, "xlsx": 500, "parquet": 60}  # bytes on the way, about


async def download(request: Request) -> Response:
    """GET /export/codes.csv and its like: the rows that a page counts, and no other."""
    asked = Path(request.url.path)
    kind, form = asked.stem, asked.suffix.removeprefix(".")
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "more"]
    filters, problems = Filters.from_query(pairs)
    more = request.query_params.get("more")
    if more not in (None, "yes") or (more and kind != "codes"):
        problems.append("The parameter more takes yes, and is for codes.")
    if problems:
        return PlainTextResponse(problems[0], 400)
    kind += "_more" if more else ""
    now = datetime.now()
    return await _sent(request, Wanted(kind, form, filters, now))


async def download_changes(request: Request) -> Response:
    """GET /export/changes.csv?import=12&change=gone: what an import changed."""
    said = request.query_params
    if not said.get("import", "").isdecimal() or "change" not in said:
        return PlainTextResponse("Say which import and which change, as the page does.", 400)
    values = {"import_id": int(said["import"]), "change": said["change"]}
    return await _sent(request, Wanted("changes", "csv", Filters(), datetime.now(), values))


async def receipt(request: Request) -> Response:
    """GET /export/receipts/<id>.json: what a download was, and what came of it."""
    found = history_of(store_path()).receipt(request.path_params["receipt"])
    return JSONResponse(found) if found else PlainTextResponse("There is no such receipt.", 404)


@dataclass(frozen=True)
class Wanted:
    """One download, as it was asked for."""

    kind: str
    form: str
    filters: Filters
    now: datetime
    values: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name."""
        if self.kind == "changes":
            what = export.slug(str(self.values["change"]))[:40]
            return f"changes_import-{self.values['import_id']}_{what}.csv"
        return export.name(self.kind, self.filters, self.now.date(), self.form)

    def tag(self, state: str) -> str:
        """An ETag: the same for the same rows of the same state of the data."""
        # Without an as-of day a status depends on the minute.
        by_the_clock = (self.filters.status and not self.filters.asof) or "more" in self.kind
        minute = self.now.strftime("%Y-%m-%d %H:%M") if by_the_clock else ""
        said = repr((self.kind, self.form, self.filters, self.values, state, minute))
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


@dataclass(frozen=True)
class Begun:
    """A download that is written down and being written, all of one state of the data."""

    tag: str
    receipt_id: str | None
    spool: export.Spool


async def _sent(request: Request, wanted: Wanted) -> Response:
    try:
        if request.method == "HEAD":
            return Response(
                headers=_headers(wanted.name, await _in_pool(_tag, wanted)),
                media_type=FORMATS[wanted.form],
            )
        rows = await _in_pool(_rows, wanted)
        is_large = rows >= LARGE
        if is_large and not await _is_my_turn(request):
            return Response(status_code=499)
        written = _of_large.release if is_large else lambda: None
        begun = await _in_pool(_begun, wanted, rows, written)
    except StoreUnavailable as error:
        return PlainTextResponse(str(error), 503)
    except export.Failed as error:
        return PlainTextResponse(str(error), 507)
    except OSError:
        return PlainTextResponse("The download cannot be written down. Is the disk full?", 507)
    return await _answer(request, wanted, begun)


async def _answer(request: Request, wanted: Wanted, begun: Begun) -> Response:
    spool, start = begun.spool, _resumed_at(request, begun.tag)
    headers = _headers(wanted.name, begun.tag)
    try:
        size = await _unless_gone(request, spool, spool.skip, start) if start else None
        if size is not None and start >= size:
            _close(spool)
            return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
        first = await _unless_gone(request, spool, spool.chunk)
    except export.Failed as error:
        _close(spool)
        return PlainTextResponse(str(error), 507)
    if begun.receipt_id:
        headers["X-Receipt"] = f"/export/receipts/{begun.receipt_id}.json"
    if size is not None:
        headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
    status, media = 206 if start else 200, FORMATS[wanted.form]
    return Download(spool, first, begun.receipt_id, status, headers, media)


def _resumed_at(request: Request, tag: str) -> int:
    """The byte from which on an interrupted download wants the rest; 0: the whole file."""
    said = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
    same = request.headers.get("if-range", tag) == tag
    return int(said[1][:18]) if said and same else 0


def _tag(wanted: Wanted) -> str:
    with owner.store().cursor() as cursor:
        return _tag_of(cursor, wanted)


def _tag_of(cursor: duckdb.DuckDBPyConnection, wanted: Wanted) -> str:
    return wanted.tag(str(run(cursor, "state", Filters(), wanted.now)["digest"][0]))


async def _is_my_turn(request: Request) -> bool:
    """Wait until no other large file is being written; not if the client leaves meanwhile."""
    while not _of_large.acquire(blocking=False):
        if await request.is_disconnected():
            return False
        await asyncio.sleep(0.1)
    return True


def _rows(wanted: Wanted) -> int:
    """About how many there will be: an import may come in before they are written."""
    if wanted.kind == "changes":
        return 0
    name = f"export_{wanted.kind.removesuffix('_more')}_rows"
    with owner.store().cursor() as cursor:
        return int(run(cursor, name, wanted.filters, wanted.now)["rows"][0])


def _begun(wanted: Wanted, rows: int, written: Callable[[], None]) -> Begun:
    """Write the download down before its first byte leaves, and start it. Raises Failed.

    The tag, the receipt and the rows are of one state, whatever is imported meanwhile.
    `rows` is about how many. `written` is called when the engine has done its part, or cannot.
    """
    with ExitStack() as undo:
        undo.callback(written)
        store = owner.store()
        cursor = undo.enter_context(store.cursor())
        _check_room(store.scratch, rows, wanted.form)
        one_state(cursor)
        tag = _tag_of(cursor, wanted)
        receipt_id = _written_down(cursor, wanted)
        spool = export.Spool(
            cursor,
            wanted.kind,
            wanted.filters,
            wanted.now,
            store.scratch,
            wanted.form,
            room=ROOM,
            written=written,
            **wanted.values,
        )
        undo.pop_all()  # from here on the spool does both
    return Begun(tag, receipt_id, spool)


def _written_down(cursor: duckdb.DuckDBPyConnection, wanted: Wanted) -> str | None:
    if wanted.kind == "changes":
        return None
    history = history_of(store_path())
    return history.begin(cursor, wanted.kind, wanted.form, wanted.filters, wanted.now, wanted.name)


def _check_room(folder: Path, rows: int, form: str) -> None:
    """The file lies on the store's own disk until it is sent. Raises Failed."""
    if shutil.disk_usage(folder).free < ROOM + rows * ROW[form]:
        raise export.Failed(NO_ROOM)


class Download(StreamingResponse):
    """A spool on its way to a client. Whatever happens to the client, the spool is closed."""

    def __init__(
        self,
        spool: export.Spool,
        first: bytes,
        receipt_id: str | None,
        status: int,
        headers: dict[str, str],
        media: str,
    ) -> None:
        super().__init__(self._chunks(first), status, headers, media)
        self._spool = spool
        self._receipt_id = receipt_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            _close(self._spool)

    async def _chunks(self, chunk: bytes) -> AsyncIterator[bytes]:
        while chunk:
            yield chunk
            chunk = await _in_pool(self._spool.chunk)
        if self._receipt_id:
            history = history_of(store_path())
            await _in_pool(history.end, self._receipt_id, self._spool.outcome())


async def _unless_gone(
    request: Request, spool: export.Spool, function: Callable[..., T], *arguments: object
) -> T:
    """Wait for what may take long, unless the client leaves meanwhile."""
    waiting = asyncio.ensure_future(_in_pool(function, *arguments))
    while not waiting.done():
        await asyncio.wait([waiting], timeout=0.2)
        if not waiting.done() and await request.is_disconnected():
            spool.give_up()
    return await waiting


def _close(spool: export.Spool) -> None:
    # In a thread of its own: it waits for the engine, and must not wait for other downloads.
    threading.Thread(target=spool.close, name="close", daemon=True).start()


def _headers(name: str, tag: str) -> dict[str, str]:
    plain = name.encode("ascii", "ignore").decode()
    return {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Content-Encoding": "identity",  # or Streamlit would compress it
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


async def _in_pool(function: Callable[..., T], *arguments: object) -> T:
    return await asyncio.get_running_loop().run_in_executor(READERS, function, *arguments)


ROUTES = [
    *(Route(f"/export/{kind}.{form}", download) for kind in export.KINDS for form in FORMATS),
    Route("/export/changes.csv", download_changes),
    Route("/export/receipts/{receipt}.json", receipt),
]
