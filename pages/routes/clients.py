"""Runs slow steps of a request in threads; aborts them if the client disconnects."""

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
# More than there may be downloads (turns of downloads.py), and nothing waits in them for a client.
THREADS = CapacityLimiter(40)


class Disconnected(Exception):
    """The client has disconnected before there was a response."""


async def in_thread(function: Callable[[], T]) -> T:
    """The result of a blocking function, which runs in a thread."""
    return await anyio.to_thread.run_sync(function, limiter=THREADS)


async def while_connected(
    request: Request, work: Awaitable[T], abort: Callable[[], None] | None = None
) -> T:
    """The result of `work`. Raises Disconnected if the client disconnects before it is there.

    `abort` makes `work` end soon; without it, `work` is cancelled.
    """
    running = asyncio.ensure_future(work)
    disconnected = asyncio.ensure_future(_disconnect(request))
    try:
        await asyncio.wait({running, disconnected}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            return running.result()
        (abort or running.cancel)()
        with suppress(Failed, asyncio.CancelledError):
            await running
        raise Disconnected
    finally:
        disconnected.cancel()
        if not running.done():  # whoever waits here was cancelled
            (abort or running.cancel)()


async def _disconnect(request: Request) -> None:
    """Return when the client has disconnected."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
