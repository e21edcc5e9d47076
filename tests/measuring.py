"""What the benchmark and the load test measure with: clocks, memory, and a visitor of pages."""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from queries.filters import Filters
from tests.conftest import Server, elements, tiles

RUNS = 5
PATIENCE = {"STREAMLIT_SERVER_AGENT_WAIT_TIMEOUT": "600"}

Seconds = Callable[[], float]


@contextmanager
def stopwatch() -> Iterator[Seconds]:
    start = time.perf_counter()
    yield lambda: time.perf_counter() - start


def interleaved(*sides: Seconds, longest: float = math.inf) -> list[list[float]]:
    """Run the sides in turn, several times; the seconds that each of them says it took.

    A side that has taken the longest time in all is not asked again, and its runs are fewer.
    """
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(RUNS):
        for seconds, side in zip(taken, sides, strict=True):
            if sum(seconds) < longest:
                seconds.append(side())
    return taken


# Over a connection that is used again, the end of an answer may wait 40 ms for an acknowledgement,
# whichever app it comes from.
PLAIN = {"Connection": "close", "Accept-Encoding": "identity"}


class Tab:
    """A visitor's browser tab, as Streamlit's agent API opens it."""

    def __init__(self, client: httpx.Client, page: str = "") -> None:
        self._client = client
        self._page = page
        self._session: str | None = None
        self.tiles: dict[str, str] = {}

    def look(self, filters: Filters) -> float:
        """Go to the page with these filters in the address; the seconds until all is drawn."""
        said = {name: filters.texts(name) for name, _ in filters.to_query()}
        return self._ask(page=self._page, query_params=said)

    def set(self, **widgets: object) -> float:
        """Change widgets of the page by their keys; the seconds until all is drawn."""
        return self._ask(widget_state=widgets)

    def _ask(self, **wanted: object) -> float:
        if self._session:
            wanted["session_id"] = self._session
        with stopwatch() as elapsed:
            answer = self._client.post("/_stcore/agent/interact", json=wanted)
            seconds = elapsed()
        self._read(answer.json())
        return seconds

    def _read(self, shown: dict[str, Any]) -> None:
        assert shown.get("status") == "ready", shown.get("error", shown.get("status"))
        assert not elements(shown, "error"), "a part of the page is missing"
        self._session = str(shown["session_id"])
        self.tiles = tiles(shown)
        assert self.tiles, "the page has no numbers"


def held(process: int, what: str) -> int:
    """Bytes of memory, as Linux tells them: VmRSS now, VmHWM at most so far."""
    said = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    return int(said[1]) * 1024 if said else 0  # a process that has ended holds none


def memory(server: Server, what: str = "VmRSS") -> int:
    return held(server.process.pid, what)


def forget_peak(server: Server) -> None:
    """Let VmHWM begin anew."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
