"""The responses that carry a download: the whole file as it is written, or the rest of it."""

import threading
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from starlette.responses import FileResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from pages.routes.clients import in_thread
from pages.routes.spool_reader import SpoolReader
from pages.routes.turns import Turn
from pages.routes.ways_out import WayOut
from queries.downloading.job import StartedDownload
from queries.downloading.spool import Spool

NOT_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def headers_of(name: str, tag: str) -> dict[str, str]:
    """The headers of a file called `name`, with its ETag."""
    plain = name.encode("ascii", "ignore").decode()
    return {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Content-Encoding": "identity",  # or Streamlit would compress it
        **NOT_KEPT,
    }


def close(spool: Spool, turn: Turn | None = None) -> None:
    """Delete the file, once the engine no longer writes it; then its turn is over."""

    def closed() -> None:
        try:
            spool.close()
        finally:
            if turn:
                turn.release_from_thread()

    # In a thread of its own: it waits for the engine, and must not wait for other downloads.
    threading.Thread(target=closed, name="close", daemon=True).start()


class Download(StreamingResponse):
    """A spool on its way to a client. Whatever happens to the client, the spool is closed."""

    def __init__(
        self,
        started: StartedDownload,
        way_out: WayOut,
        first: bytes,
        headers: dict[str, str],
        media_type: str,
        turn: Turn | None = None,
    ) -> None:
        super().__init__(self._chunks(first), 200, headers, media_type)
        self._spool = started.spool
        self._reader = SpoolReader(started.spool)
        self._way_out = way_out
        self._turn = turn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            close(self._spool, self._turn)
            await self._way_out.close()

    async def _chunks(self, chunk: bytes) -> AsyncIterator[bytes]:
        while chunk:
            yield chunk
            chunk = await self._reader.chunk()
        await self._way_out.end(await in_thread(self._spool.outcome))


class WrittenFile(StreamingResponse):
    """A whole file on its way; what it was is recorded before the response ends."""

    def __init__(
        self,
        content: bytes,
        outcome: dict[str, object],
        way_out: WayOut,
        headers: dict[str, str],
        media_type: str,
    ) -> None:
        super().__init__(self._chunks(content), 200, headers, media_type)
        self._outcome = outcome
        self._way_out = way_out

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._way_out.close()

    async def _chunks(self, content: bytes) -> AsyncIterator[bytes]:
        yield content
        await self._way_out.end(self._outcome)


class RestOfDownload(FileResponse):
    """The range of a finished spool that a client still wants."""

    def __init__(
        self,
        started: StartedDownload,
        way_out: WayOut,
        file: Path,
        headers: dict[str, str],
        media_type: str,
        turn: Turn,
    ) -> None:
        super().__init__(file, headers=headers, media_type=media_type)
        self._spool = started.spool
        self._way_out = way_out
        self._turn = turn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
            await self._way_out.end(await in_thread(self._spool.outcome))
        finally:
            close(self._spool, self._turn)
            await self._way_out.close()
