"""The download routes: chosen rows as a file, what an import changed, and receipts."""

import re
from datetime import datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from data import owner
from data.store.audit import NotRecorded
from data.store.errors import StoreUnavailable
from data.store.priority import go_last
from data.store.settings import store_path
from pages.people.current import person_of, without
from pages.people.person import Right
from pages.people.receipts import seen_by
from pages.routes.clients import Disconnected, in_thread, while_connected
from pages.routes.file_responses import NOT_KEPT, Download, RestOfDownload, close, headers_of
from pages.routes.parameters import filters_of, parameters
from pages.routes.refusals import not_written
from pages.routes.spool_reader import SpoolReader
from pages.routes.turns import Limit, Turn, Turns
from pages.routes.ways_out import WayOut
from pages.text.addresses import receipt_url
from pages.text.definitions import SINCE as HEADINGS
from queries.downloading.formats import FORMATS, Failed
from queries.downloading.job import (
    KINDS,
    DownloadRequest,
    StartedDownload,
    count_rows,
    head,
    start,
)
from queries.downloading.receipts import SINCE, history_of
from queries.engine.totals import run
from queries.filters import Filters
from queries.text import listed, read_day

LARGE = 5_000_000  # rows, for which the engine takes up to a gigabyte and a half of memory
# Of downloads until the client has them, of workbooks and large files while they are written.
LIMITS = {
    "spool": Limit(per_person=8, in_all=32),
    "workbook": Limit(per_person=2, in_all=4),
    "large": Limit(per_person=1, in_all=1),
}
TURNS = Turns(**LIMITS)


async def download(request: Request) -> Response:
    """GET /export/codes.csv and its like: the rows that a page counts, and no other."""
    path = Path(request.url.path)
    kind, form = path.stem, path.suffix.removeprefix(".")
    _check_right(request)
    own, pairs = parameters(request, ["more"])
    filters, problems = filters_of(request, pairs)
    more = own.get("more")
    if more not in (None, "yes") or (more and kind != "codes"):
        problems.append("The parameter more takes yes, and is for codes.")
    if problems:
        return PlainTextResponse(problems[0], 400)
    kind += "_more" if more else ""
    who = person_of(request.scope).name
    return await _respond(request, DownloadRequest(kind, form, filters, datetime.now(), who))


async def download_changes(request: Request) -> Response:
    """GET /export/changes.csv?import=12&change=gone: what an import changed."""
    _check_right(request)
    own, others = parameters(request, ["import", "change"])
    number, change = own.get("import", ""), own.get("change")
    if others or not change or not re.fullmatch(r"\d+", number, re.ASCII):
        sentence = "Say which import and which change, as the page does, and nothing else."
        return PlainTextResponse(sentence, 400)
    import_id = min(int(number), 2**63 - 1)
    filters, _ = filters_of(request, [])
    try:
        if not await in_thread(lambda: _is_change(import_id, change, filters)):
            return PlainTextResponse("This import changed nothing in this way.", 404)
    except StoreUnavailable as error:
        return PlainTextResponse(str(error), 503)
    values: dict[str, object] = {"import_id": import_id, "change": change}
    who = person_of(request.scope).name
    return await _respond(
        request, DownloadRequest("changes", "csv", filters, datetime.now(), who, values)
    )


async def download_since(request: Request) -> Response:
    """GET /export/since.csv?since=2026-11-23&change=gone and its like: codes under a heading."""
    _check_right(request)
    own, pairs = parameters(request, ["since", "import", "change"])
    filters, problems = filters_of(request, pairs)
    values = _window(own)
    if values is None:
        problems.append(
            "Say since which day, or since which import, and which change: "
            f"{listed(list(HEADINGS), word='or')}."
        )
    if problems or values is None:
        return PlainTextResponse(problems[0], 400)
    form, who = Path(request.url.path).suffix.removeprefix("."), person_of(request.scope).name
    return await _respond(
        request, DownloadRequest(SINCE, form, filters, datetime.now(), who, values)
    )


def _window(own: dict[str, str]) -> dict[str, object] | None:
    """The parameters of since_file(), if those of the address name a window and a heading."""
    since, number, change = own.get("since"), own.get("import"), own.get("change")
    is_day = since is None or read_day(since) is not None
    is_import = number is None or re.fullmatch(r"\d{1,9}", number, re.ASCII) is not None
    if change not in HEADINGS or not is_day or not is_import or (since is None) == (number is None):
        return None
    return {"since": since, "from_import": number and int(number), "change": change}


def _check_right(request: Request) -> None:
    """Raise HTTPException where the person's role downloads no rows."""
    somebody = person_of(request.scope)
    if not somebody.may(Right.DOWNLOAD_ROWS):
        raise HTTPException(403, without(somebody, Right.DOWNLOAD_ROWS))


def _is_change(import_id: int, change: str, filters: Filters) -> bool:
    """Whether an import changed something in this way."""
    with owner.store().cursor() as cursor:
        found = run(cursor, "import_changes", filters, import_id=import_id)
    return change in set(found["change"])


async def receipt(request: Request) -> Response:
    """GET /export/receipts/<id>.json: what a download was, and what came of it."""
    receipt_id = request.path_params["receipt"]
    found = await in_thread(lambda: history_of(store_path()).receipt(receipt_id))
    shown = seen_by(person_of(request.scope), found) if found else None
    if shown is None:
        return PlainTextResponse("There is no such receipt.", 404)
    return JSONResponse(shown, headers=NOT_KEPT)


async def _respond(request: Request, wanted: DownloadRequest) -> Response:
    try:
        if request.method == "HEAD":
            name, tag = await in_thread(lambda: head(owner.store(), wanted))
            media_type = FORMATS[wanted.form].media_type
            return Response(headers=headers_of(name, tag), media_type=media_type)
        return await _start_and_respond(request, wanted)
    except Disconnected:
        return Response(status_code=499)
    except StoreUnavailable as error:
        return PlainTextResponse(str(error), 503)
    except (Failed, OSError, NotRecorded) as error:
        return not_written(error)


async def _start_and_respond(request: Request, wanted: DownloadRequest) -> Response:
    kinds = ("spool",) if FORMATS[wanted.form].grows else ("spool", "workbook")
    turn = await _turn(request, *kinds)
    large: Turn | None = None

    def on_written() -> None:
        turn.release_from_thread("workbook")
        if large:
            large.release_from_thread()

    try:
        rows = await in_thread(lambda: count_rows(owner.store(), wanted))
        large = await _turn(request, "large") if rows >= LARGE else None
        started = await in_thread(lambda: start(owner.store(), wanted, rows, go_last, on_written))
    except BaseException:
        turn.release()
        if large:
            large.release()
        raise
    return await _first_bytes(request, wanted, started, turn)


async def _first_bytes(
    request: Request, wanted: DownloadRequest, started: StartedDownload, turn: Turn
) -> Response:
    """The response, as soon as it has begun to be written. Raises Failed, Disconnected."""
    spool, headers = started.spool, headers_of(started.name, started.tag)
    headers["X-Receipt"] = receipt_url(started.receipt_id)
    way_out = WayOut(wanted.who, started.receipt_id)
    try:
        await way_out.begin()
        first_byte = _resume_at(request, started.tag)
        if first_byte and await in_thread(lambda: _is_rest(request, wanted, started)):
            return await _rest(request, wanted, started, way_out, first_byte, headers, turn)
        first = await while_connected(request, SpoolReader(spool).chunk(), spool.abort)
    except BaseException:
        close(spool, turn)
        await way_out.close()
        raise
    return Download(started, way_out, first, headers, FORMATS[wanted.form].media_type, turn)


async def _rest(
    request: Request,
    wanted: DownloadRequest,
    started: StartedDownload,
    way_out: WayOut,
    first_byte: int,
    headers: dict[str, str],
    turn: Turn,
) -> Response:
    """The rest of an interrupted download, once the whole file is there."""
    spool = started.spool
    file = await while_connected(request, SpoolReader(spool).finished(), spool.abort)
    size = file.stat().st_size
    if first_byte >= size:
        close(spool, turn)
        await way_out.close()
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    return RestOfDownload(started, way_out, file, headers, FORMATS[wanted.form].media_type, turn)


def _resume_at(request: Request, tag: str) -> int:
    """The first byte that a resumed download asks for; 0: the whole file."""
    found = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
    same = request.headers.get("if-range", tag) == tag
    return int(found[1][:18]) if found and same else 0


def _is_rest(request: Request, wanted: DownloadRequest, started: StartedDownload) -> bool:
    """Whether what the client has are the first bytes of this file.

    Some clients do not say of which file theirs is (If-Range). Then it is taken for the one that
    was last begun: if the data have changed since, the rest would not fit.
    """
    if "if-range" in request.headers:
        return True
    if wanted.filters.status and not wanted.filters.asof:
        return False  # rows change with the clock
    return history_of(store_path()).continues(started.receipt_id)


async def _turn(request: Request, *kinds: str) -> Turn:
    """Wait for a turn of each kind. Raises Disconnected."""
    person = person_of(request.scope).id
    return await while_connected(request, TURNS.turn(person, *kinds))


ROUTES = [
    *(Route(f"/export/{kind}.{form}", download) for kind in KINDS for form in FORMATS),
    Route("/export/changes.csv", download_changes),
    *(Route(f"/export/since.{form}", download_since) for form in FORMATS),
    Route("/export/receipts/{receipt}.json", receipt),
]
