"""The ASGI app: Streamlit's pages, the export routes, start and stop."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from data import handover, owned
from data.backup import NotCopied, backup
from data.check import Refused
from data.load import Scope, load
from data.store import StoreUnavailable, default_path
from data.undo import clear_sample, write_manifest
from data.uploads import ToDisk
from queries import export
from queries.filters import Filters

T = TypeVar("T")
# A pool of its own: Streamlit's few threads must stay free for the pages.
READERS = ThreadPoolExecutor(8, thread_name_prefix="download")
HOSTS = ["127.0.0.1", "localhost", "[::1]", *os.environ.get("VOUCHERS_HOSTS", "").split()]


async def download(request: Request) -> Response:
    """GET /export/codes.csv and /export/transactions.csv: the rows that a page counts."""
    kind = Path(request.url.path).stem
    filters, problems = Filters.from_query(request.query_params.multi_items())
    if problems:
        return PlainTextResponse(problems[0], 400)
    now = datetime.now()
    return await _sent(request, export.name(kind, filters, now.date()), kind, filters, now)


async def download_changes(request: Request) -> Response:
    """GET /export/changes.csv?import=12&change=gone: what an import changed."""
    said = request.query_params
    if not said.get("import", "").isdecimal() or "change" not in said:
        return PlainTextResponse("Say which import and which change, as the page does.", 400)
    number, change = int(said["import"]), said["change"]
    name = f"changes_import-{number}_{export.slug(change)}.csv"
    values = {"import_id": number, "change": change}
    return await _sent(request, name, "changes", Filters(), datetime.now(), **values)


async def _sent(
    request: Request, name: str, kind: str, filters: Filters, now: datetime, **values: object
) -> Response:
    headers = _headers(name)
    if request.method == "HEAD":
        return Response(headers=headers, media_type="text/csv")
    try:
        spool = await _in_pool(_spool, kind, filters, now, values)
    except StoreUnavailable as error:
        return PlainTextResponse(str(error), 503)
    try:
        first = await _in_pool(spool.chunk)
    except export.Failed as error:
        await _in_pool(spool.close)
        return PlainTextResponse(str(error), 507)
    return StreamingResponse(_chunks(spool, first), headers=headers, media_type="text/csv")


def _spool(kind: str, filters: Filters, now: datetime, values: dict[str, object]) -> export.Spool:
    store = owned.store()
    return export.Spool(store.cursor(), kind, filters, now, store.scratch, **values)


async def _chunks(spool: export.Spool, chunk: bytes) -> AsyncIterator[bytes]:
    # An async generator: Starlette closes it when the client leaves, a plain one not.
    try:
        while chunk:
            yield chunk
            chunk = await _in_pool(spool.chunk)
    finally:
        READERS.submit(spool.close)


def _headers(name: str) -> dict[str, str]:
    plain = name.encode("ascii", "ignore").decode()
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Content-Encoding": "identity",  # or Streamlit would compress it
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


async def _in_pool(function: Callable[..., T], *arguments: object) -> T:
    return await asyncio.get_running_loop().run_in_executor(READERS, function, *arguments)


async def control(request: Request) -> Response:
    """POST /control/import and /control/backup: the command line hands its work over."""
    known = str(app.state.get("password", ""))
    if not known or not secrets.compare_digest(request.headers.get(handover.HEADER, ""), known):
        return PlainTextResponse("This is for the command line only.", 403)
    answer = await _in_pool(TASKS[Path(request.url.path).stem], await request.json())
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _import(question: dict[str, Any]) -> dict[str, Any]:
    store = owned.store()
    try:
        if question["clear_sample"]:
            clear_sample(store)
        path, scope = Path(question["path"]), Scope(**question["scope"])
        imported = load(store, path, scope, encoding=question["encoding"])
    except Refused as error:
        return {"refused": str(error)}
    write_manifest(store)
    return {"imported": asdict(imported)}


def _backup(question: dict[str, Any]) -> dict[str, Any]:
    try:
        backup(owned.store(), Path(question["path"]))
    except NotCopied as error:
        return {"refused": str(error)}
    return {}


def said_plainly(_: Exception) -> bool:
    """Show an error of ours on a page without a traceback; Streamlit has logged it."""
    st.error(
        "This part of the page could not be made. Your data is unharmed. Reload the page; "
        "if it happens again, tell whoever looks after Voucher Explorer what you had chosen.",
        title="Something went wrong",
        icon=":material/error:",
    )
    return True


TASKS = {"import": _import, "backup": _backup}


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the store, with sample data on a first start, before the first page is asked for."""
    path = default_path()
    try:
        await asyncio.to_thread(owned.store)
        password = handover.announce(path, f"http://127.0.0.1:{st.get_option('server.port')}")
    except StoreUnavailable as error:
        print(error)  # the pages say so too
        password = ""
    yield {"password": password}
    if password:
        handover.withdraw(path)
    owned.close()


app = st.App(
    Path(__file__).parent / "pages" / "navigation.py",
    lifespan=lifespan,
    on_script_error=said_plainly,
    routes=[
        *(Route(f"/export/{kind}.csv", download) for kind in export.KINDS),
        Route("/export/changes.csv", download_changes),
        *(Route(f"/control/{task}", control, methods=["POST"]) for task in TASKS),
    ],
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS),
        Middleware(ToDisk, folder=lambda: owned.store().scratch),
    ],
)
