"""Waits for slow steps of a request, in threads of their own, while its client is there."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request

from queries.downloading.formats import Failed

T = TypeVar("T")
# Threads of their own: Streamlit's few must stay free for the pages.
THREADS = CapacityLimiter(16)


class Disconnected(Exception):
    """The client has gone before there was a response."""


async def in_thread(function: Callable[[], T]) -> T:
    """The result of a function that blocks."""
    return await anyio.to_thread.run_sync(function, limiter=THREADS)


async def while_connected(
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
