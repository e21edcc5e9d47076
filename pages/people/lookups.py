"""How many whole codes a person who sees codes masked may look up in a minute."""

import threading
from collections import OrderedDict
from math import ceil

MOST = 20  # different codes of one person
WINDOW = 60.0  # seconds


class Lookups:
    """Who looked up which codes in the last minute. For any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # The moments of each person's lookups by the code, the oldest first.
        self._of: dict[str, OrderedDict[str, float]] = {}

    def wait(self, person_id: str, code: str, now: float) -> int:
        """Count a lookup. Returns 0, or the whole seconds until the person may look it up.

        `now` is a number of seconds. The same code again within the minute does not count: pages
        repeat their queries.
        """
        with self._lock:
            self._forget(now)
            recent = self._of.setdefault(person_id, OrderedDict())
            if code in recent:
                return 0
            if len(recent) >= MOST:
                return max(1, ceil(next(iter(recent.values())) + WINDOW - now))
            recent[code] = now
            return 0

    def _forget(self, now: float) -> None:
        """Drop what is older than a minute, and the persons of whom nothing is left."""
        for person_id, recent in list(self._of.items()):
            while recent and next(iter(recent.values())) <= now - WINDOW:
                recent.popitem(last=False)
            if not recent:
                del self._of[person_id]


lookups = Lookups()  # of all sessions: a person may have several
