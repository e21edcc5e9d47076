"""Keeps few sandboxes for many notebooks, and ends those that nobody uses."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from queries.engine.sandbox.cells import SqlFailed
from queries.engine.sandbox.sandbox import Sandbox

MOST = 3
IDLE = 600.0  # seconds
WAITING = 60.0  # seconds that a notebook waits for another one
BUSY = f"{MOST} notebooks run SQL at this moment. Run this one again when one has ended."


class HeldCopy(Protocol):
    """A copy of a store that exists until it is released (data/store/reading_copy.py)."""

    @property
    def path(self) -> Path | None:
        """Where it lies; None stands for no copy."""

    @property
    def version(self) -> int:
        """The version of the data that it is of."""

    def release(self) -> None:
        """Say that it is not needed any more."""


@dataclass
class _Place:
    """A sandbox of the pool, with the copy that it has open."""

    notebook: str
    copy: HeldCopy
    sandbox: Sandbox
    users: int = 0
    used_at: float = 0.0


class Sandboxes:
    """At most three sandboxes, each for one notebook and one copy of the store."""

    def __init__(self, most: int = MOST, idle_seconds: float = IDLE) -> None:
        self._most = most
        self._idle_seconds = idle_seconds
        self._changed = threading.Condition()
        self._places: list[_Place] = []
        self._timer: threading.Timer | None = None

    @contextmanager
    def using(self, notebook: str, copy: HeldCopy) -> Iterator[Sandbox]:
        """The sandbox of a notebook on a copy, while the block runs. Raises SqlFailed.

        The pool releases the copy, at the latest when it ends the sandbox.
        """
        place = self._take(notebook, copy)
        try:
            yield place.sandbox
        finally:
            with self._changed:
                place.users -= 1
                place.used_at = time.monotonic()
                self._end_older_copies(place)
                self._look_later()
                self._changed.notify_all()

    def cancel(self, notebook: str) -> None:
        """End the cells of a notebook that run."""
        with self._changed:
            found = [place.sandbox for place in self._places if place.notebook == notebook]
        for sandbox in found:
            sandbox.cancel()

    def end_idle(self) -> None:
        """End the sandboxes that nobody has used for the time."""
        before = time.monotonic() - self._idle_seconds
        with self._changed:
            for place in [p for p in self._places if not p.users and p.used_at <= before]:
                self._end(place)
            self._look_later()

    def close(self) -> None:
        """End all sandboxes, also those in use."""
        with self._changed:
            if self._timer:
                self._timer.cancel()
            for place in list(self._places):
                self._end(place)

    def _take(self, notebook: str, copy: HeldCopy) -> _Place:
        with self._changed:
            until = time.monotonic() + WAITING
            while (place := self._free(notebook, copy)) is None:
                if not self._changed.wait(until - time.monotonic()):
                    copy.release()
                    raise SqlFailed(BUSY)
            place.users += 1
            return place

    def _free(self, notebook: str, copy: HeldCopy) -> _Place | None:
        """The place of a notebook, a new one, or None where all are in use."""
        for place in self._places:
            if place.notebook == notebook and place.copy.path == copy.path:
                if place.copy is not copy:
                    copy.release()  # the place holds one already
                return place
        idle = sorted((p for p in self._places if not p.users), key=lambda p: p.used_at)
        if len(self._places) >= self._most:
            if not idle:
                return None
            self._end(idle[0])
        place = _Place(notebook, copy, Sandbox(copy.path), used_at=time.monotonic())
        self._places.append(place)
        return place

    def _end_older_copies(self, newest: _Place) -> None:
        """End the sandboxes of a notebook on older data: it has gone on to newer ones."""
        for place in list(self._places):
            is_older = (
                place.notebook == newest.notebook and place.copy.version < newest.copy.version
            )
            if is_older and not place.users and place.used_at <= newest.used_at:
                self._end(place)

    def _end(self, place: _Place) -> None:
        self._places.remove(place)
        place.sandbox.close()
        place.copy.release()

    def _look_later(self) -> None:
        """Have end_idle() called when the next sandbox may have been idle for the time."""
        if self._timer:
            self._timer.cancel()
        if self._places:
            self._timer = threading.Timer(self._idle_seconds + 0.05, self.end_idle)
            self._timer.daemon = True
            self._timer.start()
