"""Which threads go last where the cores are busy: those that no page waits for."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

Result = TypeVar("Result")
LAST = 10  # of 19: a tenth of a page's share of a core, so that files come to an end all the same


def behind_pages(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises. It runs in a thread of its own, which goes last.

    So do, for as long as they live, all threads that it starts.
    """
    with ThreadPoolExecutor(1, initializer=go_last) as pool:
        return pool.submit(work).result()


def go_last() -> None:
    """Let this thread run behind others, for good: a system lets few ever go first again.

    On Linux alone: elsewhere a priority is one of the whole process.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        own = os.getpriority(os.PRIO_PROCESS, thread)
        with suppress(OSError):  # without it everything works, only more slowly
            os.setpriority(os.PRIO_PROCESS, thread, max(LAST, own))
