"""The head of a request, HTTP or WebSocket, as the guard reads it."""

from dataclasses import dataclass, replace

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from pages.text.addresses import base_path


@dataclass(frozen=True)
class RequestHead:
    """`method` is WEBSOCKET for a handshake, `path` begins below the base path.

    `server` and `port` are the address of this computer that the client has reached.
    """

    method: str
    path: str
    query: str
    headers: Headers
    cookies: dict[str, str]
    server: str
    port: int

    @property
    def is_navigation(self) -> bool:
        """Whether a browser opens the address to show it, or cannot say."""
        wants_page = "text/html" in self.headers.get("accept", "")
        return self.method == "GET" and (
            self.headers.get("sec-fetch-mode", "navigate") == "navigate" and wants_page
        )

    @property
    def address(self) -> str:
        """Path and query, with the base path."""
        return base_path() + self.path + (f"?{self.query}" if self.query else "")

    def with_query(self, query: str) -> "RequestHead":
        """The same request with another query."""
        return replace(self, query=query)


def head_of(scope: Scope) -> RequestHead:
    """The head of the request of an ASGI scope."""
    headers = Headers(scope=scope)
    server, port = scope.get("server") or ("", 0)
    is_socket = scope["type"] == "websocket"
    return RequestHead(
        method="WEBSOCKET" if is_socket else scope["method"],
        path="/" + scope["path"].removeprefix(base_path()).lstrip("/"),
        query=scope.get("query_string", b"").decode("latin-1"),
        headers=headers,
        cookies=cookie_parser(headers.get("cookie", "")),
        server=server,
        port=port or 0,
    )
