"""A lock that one thread of one process has at a time, by a file that stays empty."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from data.store.privacy import PRIVATE

if sys.platform != "win32":
    import fcntl


@contextlib.contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Wait for the lock, and hold it in the block. Raises OSError.

    The system releases it when a process dies. On Windows it keeps no other process out.
    """
    flags = os.O_RDWR | os.O_CREAT
    if sys.platform != "win32":
        flags |= os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(lock, flags, PRIVATE), "r+b") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
