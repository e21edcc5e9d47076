"""Slow, idle and too many connections do not keep the app from answering others."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from data.store.settings import SettingError
from pages.routes import connections
from pages.routes.connections import (
    LONGEST_HEAD,
    TOO_LONG,
    TOO_MANY,
    LimitedProtocol,
    limit_connections,
)
from tests.support.routes import listening
from tests.support.server import Server, serving
from tests.support.stores import copied

IDLE, WEBSOCKETS = 300, 200
GET = b"GET /_stcore/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
PING, PONG = b"\x89\x80\0\0\0\0", b"\x8a\x00"


@pytest.fixture(scope="module")
def impatient(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app, which gives a request two seconds to come."""
    folder = tmp_path_factory.mktemp("impatient")
    log = folder / "server.log"
    with serving(copied(fixture_file, folder), log, VOUCHERS_HEADER_SECONDS="2") as running:
        yield running


def connected(url: str, stack: ExitStack, data: bytes = b"") -> socket.socket:
    """A socket on which something has been sent."""
    to = httpx.URL(url)
    client = stack.enter_context(socket.create_connection((to.host, to.port or 80), timeout=60))
    client.sendall(data)
    return client


def websocket(url: str, stack: ExitStack) -> socket.socket:
    """A WebSocket of a page."""
    to = httpx.URL(url)
    head = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {to.host}:{to.port}\r\nOrigin: {url}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    client = connected(url, stack, head.encode())
    text = b""
    while not text.endswith(b"\r\n\r\n"):
        text += client.recv(1)
    assert text.startswith(b"HTTP/1.1 101")
    return client


def is_open(client: socket.socket) -> bool:
    """Send one byte more and look whether the other end is still there."""
    client.settimeout(0.02)
    try:
        client.sendall(b"x")
        return client.recv(65536) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def test_slow_requests_are_closed_while_others_idle_ones_and_websockets_go_on(
    impatient: Server,
) -> None:
    url = impatient.url
    with ExitStack() as stack:
        sockets = [websocket(url, stack) for _ in range(WEBSOCKETS)]
        silent = connected(url, stack)
        slow = [
            connected(url, stack, head)
            for head in (
                b"G",
                b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
                b"POST /control/hello HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n",
                b"GET /_stcore/health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n",
                GET + b"GET /x",  # the second one of a connection
            )
        ]
        for _ in range(IDLE):
            assert connected(url, stack, GET).recv(15) == b"HTTP/1.1 200 OK"
        rounds = 0
        while slow:
            rounds += 1
            assert httpx.get(f"{url}/export/codes.csv?group=nobody", timeout=60).status_code == 200
            slow = [client for client in slow if is_open(client)]
        assert rounds > 1
        assert silent.recv(1) == b""
        for client in sockets:
            client.sendall(PING)
            assert client.recv(2) == PONG
        assert impatient.page()["status"] == "ready"


def test_an_address_that_is_too_long_for_the_server_is_told_in_a_sentence(
    impatient: Server,
) -> None:
    head = b"GET /export/codes.csv?batch="
    with ExitStack() as stack:
        client = connected(impatient.url, stack, head.ljust(LONGEST_HEAD + 1, b"A"))
        response = b"".join(iter(lambda: client.recv(1000), b"")).decode()
    assert response.startswith("HTTP/1.1 414 ")
    assert response.endswith(TOO_LONG)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that takes four connections at a time."""
    monkeypatch.setenv("VOUCHERS_CONNECTIONS", "4")
    route = Route("/_stcore/health", lambda _: PlainTextResponse("ok"))
    with listening(Starlette(routes=[route])) as url:
        yield url


def is_answered(client: socket.socket) -> bool:
    """Read a whole response, which ends with ok."""
    text = b""
    while not text.endswith(b"ok") and (data := client.recv(1000)):
        text += data
    return text.startswith(b"HTTP/1.1 200 OK") and text.endswith(b"ok")


def test_a_connection_too_many_gets_a_sentence_and_the_others_go_on(small: str) -> None:
    with ExitStack() as stack:
        first = [connected(small, stack, GET) for _ in range(4)]
        assert all(is_answered(client) for client in first)
        refused = connected(small, stack)
        response = b"".join(iter(lambda: refused.recv(1000), b"")).decode()
        assert response.startswith("HTTP/1.1 503 ")
        assert response.endswith(TOO_MANY)
        first[0].sendall(GET)
        assert is_answered(first[0])
        first[1].close()
        # The server sees the end of a connection before it takes the next one.
        assert httpx.get(f"{small}/_stcore/health").status_code == 200


def test_an_address_elsewhere_has_half_of_the_connections(
    small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_is_this_computer", lambda _: False)
    with ExitStack() as stack:
        first = [connected(small, stack, GET) for _ in range(2)]
        assert all(is_answered(client) for client in first)
        assert connected(small, stack).recv(12) == b"HTTP/1.1 503"


@pytest.mark.parametrize("text", ["many", "0", "-1", "nan", "inf"])
@pytest.mark.parametrize("name", ["HEADER_SECONDS", "STALLED_SECONDS", "CONNECTIONS"])
def test_a_limit_that_is_no_number_keeps_the_app_from_starting(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(f"VOUCHERS_{name}", text)
    with pytest.raises(SettingError, match=f"^VOUCHERS_{name} takes a number above 0.$"):
        limit_connections()


def test_the_server_is_what_the_limits_were_written_for() -> None:
    """Its class has the methods that ours replaces, and is read for each new connection."""
    own = {name for name, of in vars(LimitedProtocol).items() if callable(of) and name[0] != "_"}
    assert own <= set(dir(H11Protocol))
    server = uvicorn.Server(uvicorn.Config(Starlette()))
    server.config.load()
    assert issubclass(server.config.http_protocol_class, H11Protocol)
    limit_connections()
    assert server.config.http_protocol_class is LimitedProtocol
