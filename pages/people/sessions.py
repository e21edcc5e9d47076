"""The sign-ins in force: how long each lasts, and which were ended before their time.

Streamlit's cookie alone would be good for 30 days, also after its owner has signed out.
"""

import asyncio
import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.store.privacy import replace_file

IDLE = 30 * 60  # seconds without a request or a message of the person
LONGEST = 12 * 3600  # seconds


class Sessions:
    """The table of sign-ins, by the digest of their cookies. Safe for threads.

    Those that were ended are kept in a file too, so that no restart lets them in again. Where
    the app has not seen a sign-in before, it counts as used when it was signed.
    """

    def __init__(self, file: Callable[[], Path], clock: Callable[[], float] = time.time) -> None:
        """`file` returns the path of the file of ended sign-ins; it is called on first use."""
        self._file = file
        self._clock = clock
        self._lock = threading.Lock()
        self._used: dict[str, float] = {}
        self._ended: dict[str, float] | None = None  # when; read on first use
        self._watching: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}

    def is_new(self, cookie: str) -> bool:
        """Whether the app has not seen this sign-in since it started."""
        return _key(cookie) not in self._used

    def is_open(self, cookie: str, signed_at: float) -> bool:
        """Whether a sign-in is neither ended nor too old nor idle for too long."""
        key, now = _key(cookie), self._clock()
        with self._lock:
            used = self._used.get(key, signed_at)
            return (
                key not in self._known_ended() and now - signed_at < LONGEST and now - used < IDLE
            )

    def use(self, cookie: str) -> None:
        """Note that the person does something."""
        with self._lock:
            self._used[_key(cookie)] = self._clock()
            if len(self._used) > 10_000:
                self._forget_old()

    def end(self, cookie: str) -> None:
        """End a sign-in, with all that is open by it. Raises OSError, when it is ended here."""
        key = _key(cookie)
        with self._lock:
            self._known_ended()[key] = self._clock()
            watching = self._watching.pop(key, set())
        for loop, event in watching:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(event.set)
        with self._lock:
            self._write(self._known_ended())

    @contextmanager
    def watched(self, cookie: str) -> Iterator[asyncio.Event]:
        """An event that is set when the sign-in is ended, for as long as the block runs."""
        entry = (asyncio.get_running_loop(), asyncio.Event())
        key = _key(cookie)
        with self._lock:
            self._watching.setdefault(key, set()).add(entry)
        try:
            yield entry[1]
        finally:
            with self._lock:
                watching = self._watching.get(key, set())
                watching.discard(entry)
                if not watching:
                    self._watching.pop(key, None)

    def _forget_old(self) -> None:
        oldest = self._clock() - LONGEST
        self._used = {key: used for key, used in self._used.items() if used > oldest}

    def _known_ended(self) -> dict[str, float]:
        if self._ended is None:
            try:
                self._ended = {str(k): float(v) for k, v in json.loads(self._text()).items()}
            except (OSError, ValueError, AttributeError, TypeError):
                self._ended = {}
        return self._ended

    def _text(self) -> str:
        return self._file().read_text("utf-8")

    def _write(self, ended: dict[str, float]) -> None:
        """Write the ended sign-ins that a cookie could still name. Raises OSError."""
        oldest = self._clock() - LONGEST
        for key in [key for key, when in ended.items() if when < oldest]:
            del ended[key]
        replace_file(self._file(), json.dumps(ended).encode())


def _key(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogateescape")).hexdigest()
