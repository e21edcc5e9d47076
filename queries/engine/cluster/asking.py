"""One question to a cluster, which another thread may cancel."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from queries.engine.cluster.errors import Abandoned

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession


class Asking:
    """Give it to Cluster.ask(), and interrupt() it from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._abandoned = False
        self._running: tuple[SparkSession, str] | None = None

    @property
    def is_abandoned(self) -> bool:
        """Whether it was cancelled."""
        return self._abandoned

    def interrupt(self) -> None:
        """Cancel it: who waits for its rows gets Abandoned.

        To be repeated until then: what has not reached the cluster cannot be cancelled there.
        """
        with self._lock:
            self._abandoned = True
            running = self._running
        if running:
            session, tag = running
            with suppress(Exception):  # it is over, or the cluster is
                session.interruptTag(tag)

    def check(self) -> None:
        """Raise Abandoned where it is cancelled."""
        if self._abandoned:
            raise Abandoned

    def runs(self, session: SparkSession, tag: str) -> None:
        """Say by which tag of a session the cluster knows it. Raises Abandoned."""
        with self._lock:
            self._running = session, tag
        self.check()
