"""What the benchmark and the load test measure with: clocks, memory, and a visitor of pages."""

import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from queries.filters import Filters
from tests.conftest import Server

RUNS = 5
STREAMLIT = Subprotocol("streamlit")
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
VALUES = {str: "string_value", int: "int_value", bool: "bool_value"}
GIVE_UP = 600.0  # seconds

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


class Tab:
    """A visitor's browser tab: it talks to the server as the page in a browser does."""

    def __init__(self, url: str, page: str = "") -> None:
        self._address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        self._page = page
        self._talk = ExitStack()
        self._server: ClientConnection | None = None
        self._query = ""
        self._widgets: dict[str, str] = {}  # key → the ID that Streamlit gave
        self._parts: dict[str, str] = {}  # key → the part of the page that is drawn anew with it
        self._set: dict[str, str | int] = {}  # said again with each request, or it is forgotten
        self.tiles: dict[str, str] = {}
        self.drawn: set[str] = set()  # the kinds of elements that came with the last answer

    def __enter__(self) -> "Tab":
        return self

    def __exit__(self, *_: object) -> None:
        self._talk.close()

    def look(self, filters: Filters) -> float:
        """Go to the page with these filters in the address; the seconds until all is drawn."""
        self._query = urlencode(filters.to_query())
        return self._ask("")

    def set(self, **widgets: str | int) -> float:
        """Change widgets of the page by their keys; the seconds until all is drawn."""
        self._set |= widgets
        parts = {self._parts.get(key, "") for key in widgets}
        return self._ask(parts.pop() if len(parts) == 1 else "")

    def _ask(self, part: str) -> float:
        wanted = BackMsg()
        run = wanted.rerun_script
        run.query_string, run.page_name, run.fragment_id = self._query, self._page, part
        for key, value in self._set.items():
            run.widget_states.widgets.add(id=self._widgets[key], **{VALUES[type(value)]: value})
        with stopwatch() as elapsed:
            server = self._connected()
            server.send(wanted.SerializeToString())
            said = list(_until_drawn(server))
            seconds = elapsed()
        found = self._read(said)
        assert found or part, "the page has no numbers"
        self.tiles = found or self.tiles
        return seconds

    def _connected(self) -> ClientConnection:
        if not self._server:
            # Without compression, as Streamlit is set up; a page may be long.
            made = connect(self._address, subprotocols=[STREAMLIT], max_size=None, compression=None)
            self._server = self._talk.enter_context(made)
        return self._server

    def _read(self, said: list[ForwardMsg]) -> dict[str, str]:
        """Take note of the widgets. Returns the tiles, of which a part of a page may have none."""
        tiles: dict[str, str] = {}
        self.drawn = set()
        for message in said:
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            self.drawn.add(str(kind))
            assert kind != "exception", "a part of the page is missing"
            if kind == "alert":
                assert element.alert.format != Alert.ERROR, element.alert.body
            if kind == "metric":
                tiles[element.metric.label] = element.metric.body
            if kind and (widget := getattr(element, kind)) and getattr(widget, "id", ""):
                key = widget.id.rpartition("-")[2]
                self._widgets[key] = widget.id
                self._parts[key] = message.delta.fragment_id
                if key in self._set and widget.set_value:  # the server has changed it
                    self._set[key] = widget.value
        return tiles


def _until_drawn(server: ClientConnection) -> Iterator[ForwardMsg]:
    """What the server says until a run has come to its end; others give way to the next one."""
    while True:
        message = ForwardMsg.FromString(server.recv(GIVE_UP, decode=False))
        yield message
        ended = message.WhichOneof("type") == "script_finished"
        if ended and message.script_finished in FINISHED:
            return


def held(process: int, what: str) -> int:
    """Bytes of memory, as Linux tells them: VmRSS now, VmHWM at most so far."""
    said = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    return int(said[1]) * 1024 if said else 0  # a process that has ended holds none


def memory(server: Server, what: str = "VmRSS") -> int:
    return held(server.process.pid, what)


def forget_peak(server: Server) -> None:
    """Let VmHWM begin anew."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
