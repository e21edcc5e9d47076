"""A browser tab without a browser: it talks to the server over the WebSocket of a page."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Self
from urllib.parse import urlencode, urljoin

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from queries.filters import Filters

STREAMLIT = Subprotocol("streamlit")
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
VALUES = {str: "string_value", int: "int_value", bool: "bool_value"}
# Pages.
WITHOUT_TILES = ("code", "check_list", "notebooks", "notebook", "downloads", "imports", "audit")
GIVE_UP = 600.0  # seconds
Seconds = Callable[[], float]


@contextmanager
def stopwatch() -> Iterator[Seconds]:
    start = time.perf_counter()
    yield lambda: time.perf_counter() - start


class Tab:
    """A visitor's browser tab: it talks to the server as the page in a browser does."""

    def __init__(
        self,
        url: str,
        page: str = "",
        cookies: dict[str, str] | None = None,
        agent: str | None = None,
    ) -> None:
        """`cookies` are those of somebody who has signed in, `agent` says what a browser is."""
        self._address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
        self._origin = Origin(urljoin(url, "/").rstrip("/"))
        self._page = page
        self._connection = ExitStack()
        self._server: ClientConnection | None = None
        self._query = ""
        self._widgets: dict[str, str] = {}  # key → the ID that Streamlit gave
        self._fragments: dict[str, str] = {}  # key → the fragment that reruns with it
        self._set: dict[str, str | int] = {}  # sent with each request, or Streamlit forgets it
        self._agent = agent
        self._headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in (cookies or {}).items())}
        self.session = ""  # its ID
        self.tiles: dict[str, str] = {}
        self.sent = b""  # all that the server has sent, as it came
        self.drawn: set[str] = set()  # the kinds of elements that the last run sent
        self.arrived: list[tuple[str, float]] = []  # each of them, and after how many seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def look(self, filters: Filters) -> float:
        """Open the page with these filters; the seconds until the run has finished."""
        return self.open_at(urlencode(filters.to_query()))

    def open_at(self, query: str) -> float:
        """Open the page with this query of its address; the seconds until the run has finished."""
        self._query = query
        return self._rerun("")

    def set(self, **widgets: str | int) -> float:
        """Change widgets of the page by their keys; the seconds until the run has finished."""
        self._set |= widgets
        fragments = {self._fragments.get(key, "") for key in widgets}
        return self._rerun(fragments.pop() if len(fragments) == 1 else "")

    def _rerun(self, fragment: str) -> float:
        request = BackMsg()
        run = request.rerun_script
        run.query_string, run.page_name, run.fragment_id = self._query, self._page, fragment
        for key, value in self._set.items():
            run.widget_states.widgets.add(id=self._widgets[key], **{VALUES[type(value)]: value})
        with stopwatch() as elapsed:
            server = self._connected()
            server.send(request.SerializeToString())
            arrivals = [(message, elapsed()) for message in until_drawn(server)]
            seconds = elapsed()
        messages = [message for message, _ in arrivals]
        self.arrived = [(kind_of(message), after) for message, after in arrivals]
        self.sent += b"".join(message.SerializeToString() for message in messages)
        found = self._read(messages)
        assert found or fragment or self._page in WITHOUT_TILES, "the page has no numbers"
        self.tiles = found or self.tiles
        return seconds

    def _connected(self) -> ClientConnection:
        if not self._server:
            # Without compression, as Streamlit is set up; a page may be long.
            client = connect(
                self._address,
                origin=self._origin,
                additional_headers=self._headers,
                user_agent_header=self._agent,
                subprotocols=[STREAMLIT],
                max_size=None,
                compression=None,
            )
            self._server = self._connection.enter_context(client)
        return self._server

    def _read(self, messages: list[ForwardMsg]) -> dict[str, str]:
        """Remember the widgets; returns the tiles, of which a fragment may have none."""
        tiles: dict[str, str] = {}
        self.drawn = set()
        for message in messages:
            self.session = message.new_session.initialize.session_id or self.session
            element = message.delta.new_element
            kind = kind_of(message)
            self.drawn.add(kind)
            assert kind != "exception", "a part of the page is missing"
            if kind == "alert":
                assert element.alert.format != Alert.ERROR, element.alert.body
            if kind == "metric":
                tiles[element.metric.label] = element.metric.body
            if kind and (widget := getattr(element, kind)) and getattr(widget, "id", ""):
                key = widget.id.rpartition("-")[2]
                self._widgets[key] = widget.id
                self._fragments[key] = message.delta.fragment_id
                if key in self._set and widget.set_value:  # the server has changed it
                    self._set[key] = widget.value
        return tiles


def kind_of(message: ForwardMsg) -> str:
    """The kind of element that a message draws, such as plotly_chart; empty where it draws none."""
    return message.delta.new_element.WhichOneof("type") or ""


def until_drawn(server: ClientConnection) -> Iterator[ForwardMsg]:
    """The messages of a run until its end; a run that is superseded does not end."""
    while True:
        message = ForwardMsg.FromString(server.recv(GIVE_UP, decode=False))
        yield message
        ended = message.WhichOneof("type") == "script_finished"
        if ended and message.script_finished in FINISHED:
            return
