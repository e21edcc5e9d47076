"""Shared, cancellable work: identical requests run once; abandoned ones are cancelled.

Streamlit's own cache cannot do this: here a query can run before a page needs its result,
and is interrupted when its last user abandons it.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

from queries.engine.elsewhere import interrupt
from queries.engine.execute import Cursor, EngineError

Result = TypeVar("Result")
WORKERS = 24


class SharedQuery(Generic[Result]):
    """One request, and how many wait for its result or use it. Results must not be changed."""

    def __init__(self) -> None:
        self.future: Future[Result]
        self.users = 0
        self._cursor: Cursor | None = None
        self._cancelled = False
        self._lock = threading.Lock()

    def runs_on(self, cursor: Cursor | None) -> None:
        """Set the cursor to interrupt on cancellation, or None. Raises CancelledError."""
        with self._lock:
            self._cursor = cursor
        if cursor:
            self.check()

    def check(self) -> None:
        """Raise CancelledError where the query is abandoned."""
        with self._lock:
            if self._cancelled:
                raise CancelledError

    def succeeded(self) -> bool:
        """Whether there is a result, not a failure."""
        done = self.future.done() and not self.future.cancelled()
        return done and self.future.exception() is None

    def cancel(self) -> None:
        """Cancel the query, or interrupt it where it runs already."""
        with self._lock:
            self._cancelled = True
        if not self.future.cancel():
            threading.Thread(target=self._interrupt, name="cancel", daemon=True).start()

    def _interrupt(self) -> None:
        # Repeated: an interrupt that comes between two statements is lost.
        while not self.future.done():
            # Closing a store closes its cursors: then there is nothing to interrupt.
            with self._lock, suppress(EngineError):
                if self._cursor:
                    interrupt(self._cursor)
            time.sleep(0.05)


Run = Callable[[SharedQuery[Result]], Result]


class SharedQueries(Generic[Result]):
    """The queries that run or are in use, and an LRU cache of other results."""

    def __init__(
        self,
        capacity: int,
        size: Callable[[Result], int],
        on_evict: Callable[[Result], None] = lambda _: None,
        workers: int = WORKERS,
    ) -> None:
        """Results that nobody uses are cached up to `capacity`, in the unit of `size`.

        `on_evict` is called, in a thread of the pool, with each result that leaves the cache.
        """
        self._pool = ThreadPoolExecutor(workers, "query")
        self._on_evict = on_evict
        self._in_use: dict[Hashable, SharedQuery[Result]] = {}
        self._idle: LRUCache[Hashable, SharedQuery[Result]] = _Evicting(
            capacity, lambda query: size(query.future.result()), self._evict
        )
        self._lock = threading.RLock()  # a future that is done calls back at once

    def acquire(self, key: Hashable, run: Run[Result]) -> SharedQuery[Result]:
        """The query with this key, started if it is new. Call release() after using it."""
        with self._lock:
            if key not in self._in_use and key in self._idle:
                self._in_use[key] = self._idle.pop(key)
            query = self._in_use.get(key) or self._start(key, run)
            query.users += 1
            return query

    def release(self, key: Hashable, query: SharedQuery[Result]) -> None:
        """One user less. A query that still runs is cancelled when it has none left."""
        with self._lock:
            query.users -= 1
            if query.users or self._in_use.get(key) is not query:
                return
            del self._in_use[key]
            if query.succeeded():
                self._cache(key, query)
                return
        if not query.future.done():
            query.cancel()

    @contextmanager
    def borrow(self, key: Hashable, run: Run[Result], by: SharedQuery[Any]) -> Iterator[Result]:
        """A result that another query, `by`, rests on, in use for as long as the block runs.

        Raises CancelledError where that query is abandoned.
        """
        query = self.acquire(key, run)
        try:
            while True:
                by.check()
                with suppress(TimeoutError):
                    result = query.future.result(timeout=0.1)
                    break
            yield result
        finally:
            self.release(key, query)

    def _start(self, key: Hashable, run: Run[Result]) -> SharedQuery[Result]:
        query = self._in_use[key] = SharedQuery[Result]()
        query.future = self._pool.submit(run, query)
        query.future.add_done_callback(lambda _: self._settle(key, query))
        return query

    def _settle(self, key: Hashable, query: SharedQuery[Result]) -> None:
        """Share no failure with later requests, and evict a result that came after release()."""
        with self._lock:
            # release() may have come first, and cached the result.
            is_current = query in (self._in_use.get(key), self._idle.get(key))
            if is_current and not query.succeeded():
                del self._in_use[key]
        if query.succeeded() and not is_current:
            self._on_evict(query.future.result())

    def _cache(self, key: Hashable, query: SharedQuery[Result]) -> None:
        try:
            self._idle[key] = query
        except ValueError:  # larger than the whole cache
            self._evict(query)

    def _evict(self, query: SharedQuery[Result]) -> None:
        self._pool.submit(self._on_evict, query.future.result())


class _Evicting(LRUCache[Hashable, SharedQuery[Result]]):
    """Calls `on_evict` with each entry that makes room for others."""

    def __init__(
        self,
        capacity: int,
        size: Callable[[SharedQuery[Result]], int],
        on_evict: Callable[[SharedQuery[Result]], None],
    ) -> None:
        super().__init__(capacity, size)
        self._on_evict = on_evict

    def popitem(self) -> tuple[Hashable, SharedQuery[Result]]:
        key, query = super().popitem()
        self._on_evict(query)
        return key, query
