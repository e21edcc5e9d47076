"""Stops a running import, and reports its progress."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from data.store.errors import Interrupted, Stopped
from data.store.lake import near
from data.store.progress import Progress
from data.store.sql import Cursor


class Stop:
    """A stop button: `press` it from any thread."""

    def __init__(self) -> None:
        self._pressed = threading.Event()

    def press(self) -> None:
        """Stop as soon as possible; nothing of the file is stored."""
        self._pressed.set()

    def check(self) -> None:
        """Raise Stopped if it was pressed."""
        if self._pressed.is_set():
            raise Stopped

    @contextmanager
    def interrupting(self, cursor: Cursor) -> Iterator[None]:
        """While the block runs, `press` interrupts the cursor's statement. Raises Stopped."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                if self._pressed.is_set():  # repeated: one between two statements is lost
                    near.interrupt(cursor)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            self.check()
            yield
            self.check()
        except Interrupted:
            raise Stopped from None
        finally:
            over.set()
            watcher.join()


@contextmanager
def reporting(
    cursor: Cursor, progress: Progress, low: float, high: float, doing: str
) -> Iterator[None]:
    """Report the progress of the cursor's statement, as shares from `low` to `high`."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            share = max(0.0, cursor.query_progress()) / 100
            progress(low + (high - low) * min(share, 1.0), doing)

    progress(low, doing)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    progress(high, doing)
