"""Priorities of threads: where the cores are busy, imports and files go behind pages."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from data.store.settings import asks_cluster

Result = TypeVar("Result")
BEHIND = 10  # steps of `nice`: a tenth of a page's share of a core, so that a file comes to an end
LOWEST = 19


def behind_pages(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises. It runs in a thread of its own, which goes last.

    So do, for as long as they live, all threads that it starts.
    """
    with ThreadPoolExecutor(1, initializer=go_last) as pool:
        return pool.submit(work).result()


def go_last() -> None:
    """Let this thread run behind others of the process, for good: few may ever go first again.

    On Linux alone: elsewhere a priority is one of the whole process. Not with a cluster: whoever
    asks it first starts the threads of its session, which serve pages afterwards.
    """
    if sys.platform == "linux" and not asks_cluster():
        with suppress(OSError):  # without it everything works, only more slowly
            usual = os.getpriority(os.PRIO_PROCESS, os.getpid())
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, min(LOWEST, usual + BEHIND))
