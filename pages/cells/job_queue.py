"""Runs what may take long in a few threads: of one notebook one at a time, of several in turn.

The cells of one notebook share a process. In a plain pool they would wait for each other in all
threads, and keep those of other notebooks from running.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

Run = Callable[[], None]


class JobQueue:
    """Takes from any thread what is to run."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sql-cell")
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Run]] = {}  # the first one runs

    def submit(self, notebook: str, run: Run) -> None:
        """Run something of a notebook after what was submitted of it before."""
        with self._lock:
            waiting = self._waiting.setdefault(notebook, deque())
            waiting.append(run)
            if len(waiting) == 1:
                self._threads.submit(self._run_first, notebook)

    def _run_first(self, notebook: str) -> None:
        with self._lock:
            run = self._waiting[notebook][0]
        try:
            run()
        finally:
            with self._lock:
                waiting = self._waiting[notebook]
                waiting.popleft()
                if waiting:
                    self._threads.submit(self._run_first, notebook)
                else:
                    del self._waiting[notebook]
