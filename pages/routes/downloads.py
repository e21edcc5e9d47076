"""The download routes: chosen rows as a file, what an import changed, and receipts."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from data import owner
from data.store.errors import StoreUnavailable
from data.store.settings import store_path
from pages.text.addresses import receipt_url
from queries.downloading.formats import FORMATS, Failed
from queries.downloading.job import (
    KINDS,
    DownloadRequest,
    StartedDownload,
    count_rows,
    start,
    tag_of,
)
from queries.downloading.receipts import history_of
from queries.downloading.spool import Spool
from queries.filters import Filters

T = TypeVar("T")
# Threads of their own: Streamlit's few must stay free for the pages.
THREADS = CapacityLimiter(16)
LARGE = 5_000_000  # rows, for which the engine takes up to a gigabyte and a half of memory
LARGE_FILES = CapacityLimiter(1)  # they are written one after the other


class Disconnected(Exception):
    """The client has gone before there was a response."""


async def download(request: Request) -> Response:
    """GET /export/codes.csv and its like: the rows that a page counts, and no other."""
    path = Path(request.url.path)
    kind, form = path.stem, path.suffix.removeprefix(".")
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "more"]
    filters, problems = Filters.from_query(pairs)
    more = request.query_params.get("more")
    if more not in (None, "yes") or (more and kind != "codes"):
        problems.append("The parameter more takes yes, and is for codes.")
    if problems:
        return PlainTextResponse(problems[0], 400)
    kind += "_more" if more else ""
    return await _respond(request, DownloadRequest(kind, form, filters, datetime.now()))


async def download_changes(request: Request) -> Response:
    """GET /export/changes.csv?import=12&change=gone: what an import changed."""
    query = request.query_params
    if not query.get("import", "").isdecimal() or "change" not in query:
        return PlainTextResponse("Say which import and which change, as the page does.", 400)
    values = {"import_id": int(query["import"]), "change": query["change"]}
    return await _respond(
        request, DownloadRequest("changes", "csv", Filters(), datetime.now(), values)
    )


async def receipt(request: Request) -> Response:
    """GET /export/receipts/<id>.json: what a download was, and what came of it."""
    found = history_of(store_path()).receipt(request.path_params["receipt"])
    return JSONResponse(found) if found else PlainTextResponse("There is no such receipt.", 404)


async def _respond(request: Request, wanted: DownloadRequest) -> Response:
    try:
        if request.method == "HEAD":
            tag = await _in_thread(lambda: tag_of(owner.store(), wanted))
            media_type = FORMATS[wanted.form].media_type
            return Response(headers=_headers(wanted.name, tag), media_type=media_type)
        return await _start_and_respond(request, wanted)
    except Disconnected:
        return Response(status_code=499)
    except StoreUnavailable as error:
        return PlainTextResponse(str(error), 503)
    except Failed as error:
        return PlainTextResponse(str(error), 507)
    except OSError:
        return PlainTextResponse("The download cannot be written down. Is the disk full?", 507)


async def _start_and_respond(request: Request, wanted: DownloadRequest) -> Response:
    rows = await _in_thread(lambda: count_rows(owner.store(), wanted))
    on_written = await _turn_of_large(request) if rows >= LARGE else lambda: None
    started = await _in_thread(lambda: start(owner.store(), wanted, rows, on_written))
    spool, headers = started.spool, _headers(wanted.name, started.tag)
    if started.receipt_id:
        headers["X-Receipt"] = receipt_url(started.receipt_id)
    try:
        if first_byte := _resume_at(request, started.tag):
            return await _rest(request, wanted, started, first_byte, headers)
        first = await _while_connected(request, _in_thread(spool.chunk), spool.abort)
    except BaseException:
        _close(spool)
        raise
    return Download(started, first, headers, FORMATS[wanted.form].media_type)


async def _rest(
    request: Request,
    wanted: DownloadRequest,
    started: StartedDownload,
    first_byte: int,
    headers: dict[str, str],
) -> Response:
    """The rest of an interrupted download, once the whole file is there."""
    spool = started.spool
    file = await _while_connected(request, _in_thread(spool.finished), spool.abort)
    size = file.stat().st_size
    if first_byte >= size:
        _close(spool)
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    return RestOfDownload(started, file, headers, FORMATS[wanted.form].media_type)


def _resume_at(request: Request, tag: str) -> int:
    """The byte from which on an interrupted download wants the rest; 0: the whole file."""
    found = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
    same = request.headers.get("if-range", tag) == tag
    return int(found[1][:18]) if found and same else 0


async def _turn_of_large(request: Request) -> Callable[[], None]:
    """Wait until no other large file is being written. Returns what ends the turn."""
    loop, turn = asyncio.get_running_loop(), object()
    await _while_connected(request, LARGE_FILES.acquire_on_behalf_of(turn))

    def end_turn() -> None:
        loop.call_soon_threadsafe(LARGE_FILES.release_on_behalf_of, turn)

    return end_turn


class Download(StreamingResponse):
    """A spool on its way to a client. Whatever happens to the client, the spool is closed."""

    def __init__(
        self, started: StartedDownload, first: bytes, headers: dict[str, str], media_type: str
    ) -> None:
        super().__init__(self._chunks(first), 200, headers, media_type)
        self._started = started

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            _close(self._started.spool)

    async def _chunks(self, chunk: bytes) -> AsyncIterator[bytes]:
        while chunk:
            yield chunk
            chunk = await _in_thread(self._started.spool.chunk)
        await _record_end(self._started)


class RestOfDownload(FileResponse):
    """The range of a finished spool that a client still wants."""

    def __init__(
        self, started: StartedDownload, file: Path, headers: dict[str, str], media_type: str
    ) -> None:
        super().__init__(file, headers=headers, media_type=media_type)
        self._started = started

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
            await _record_end(self._started)
        finally:
            _close(self._started.spool)


async def _record_end(started: StartedDownload) -> None:
    """Write into the receipt what the whole file was."""
    if started.receipt_id:
        history = history_of(store_path())
        outcome = await _in_thread(started.spool.outcome)
        await _in_thread(lambda: history.end(started.receipt_id or "", outcome))


async def _while_connected(
    request: Request, work: Awaitable[T], abort: Callable[[], None] | None = None
) -> T:
    """The result of `work`, unless the client leaves meanwhile. Raises Disconnected.

    `abort` lets `work` end soon; without it, it is cancelled.
    """
    running = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnect(request))
    try:
        await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            return running.result()
        (abort or running.cancel)()
        with suppress(Failed, asyncio.CancelledError):
            await running
        raise Disconnected
    finally:
        gone.cancel()


async def _disconnect(request: Request) -> None:
    """Return when the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _close(spool: Spool) -> None:
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


async def _in_thread(function: Callable[[], T]) -> T:
    return await anyio.to_thread.run_sync(function, limiter=THREADS)


ROUTES = [
    *(Route(f"/export/{kind}.{form}", download) for kind in KINDS for form in FORMATS),
    Route("/export/changes.csv", download_changes),
    Route("/export/receipts/{receipt}.json", receipt),
]
