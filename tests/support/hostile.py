"""A web server of somebody else on this computer, and what the app responds to its pages."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

TRIES = 600  # of 50 ms each


@dataclass
class Hostile:
    """The web server: it serves one page, at any address and under each name of this computer."""

    port: int
    html: str = ""

    def url(self, host: str, html: str) -> str:
        """The address of a page from now on."""
        self.html = html
        return f"http://{host}:{self.port}/"


@contextmanager
def hostile_pages() -> Iterator[Hostile]:
    """The web server, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(served.html.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Hostile(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


class Statuses:
    """The status that each request to the app really got, by the parameter “way” of its address.

    The browser's network layer tells it, for what the page is not shown too.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._ways: dict[str, str] = {}  # ID of a request → its way
        self._statuses: list[tuple[str, int]] = []
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._on_request)
        session.on("Network.responseReceivedExtraInfo", self._on_response)
        session.send("Network.enable")

    def of(self, ways: set[str]) -> dict[str, set[int]]:
        """The statuses of these ways, as soon as each has one."""
        for _ in range(TRIES):
            found: dict[str, set[int]] = {}
            for request, status in self._statuses:
                if way := self._ways.get(request):
                    found.setdefault(way, set()).add(status)
            if found.keys() >= ways:
                return found
            self._page.wait_for_timeout(50)
        # The event of a frame in a process of its own comes to nobody now and then: asked again.
        raise TimeoutError(f"no response to {sorted(ways - found.keys())}")

    def _on_request(self, event: dict[str, Any]) -> None:
        for way in parse_qs(urlsplit(event["request"]["url"]).query).get("way", ()):
            self._ways[event["requestId"]] = way

    def _on_response(self, event: dict[str, Any]) -> None:
        self._statuses.append((event["requestId"], event["statusCode"]))
