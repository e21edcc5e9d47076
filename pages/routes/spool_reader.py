"""Reads a spool from the event loop: waiting for its bytes takes no thread."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pages.routes.clients import in_thread
from queries.downloading.spool import Spool

T = TypeVar("T")


class SpoolReader:
    """The one reader of a spool."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._is_told = False  # the loop is told once for any number of changes
        spool.on_change(self._tell)

    async def chunk(self) -> bytes:
        """The next bytes, as soon as there are any; none at the end. Raises Failed."""
        return await self._wait_for(self._spool.poll)

    async def finished(self) -> Path:
        """Where the whole file lies, as soon as it does. Raises Failed."""
        return await self._wait_for(self._spool.finished)

    async def _wait_for(self, look: Callable[[], T | None]) -> T:
        while True:
            self._changed.clear()
            self._is_told = False
            if (found := await in_thread(look)) is not None:
                return found
            await self._changed.wait()

    def _tell(self) -> None:
        if not self._is_told:
            self._is_told = True
            with suppress(RuntimeError):  # the app has stopped
                self._loop.call_soon_threadsafe(self._changed.set)
