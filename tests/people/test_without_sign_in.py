"""Without a sign-in the app is for its own computer: nothing that comes through others passes."""

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from pages.routes.guard import Guard
from tests.support.loops import in_loop
from tests.support.server import Server


@pytest.mark.parametrize(
    "header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"]
)
def test_what_comes_through_a_proxy_is_refused(server: Server, header: str) -> None:
    for path in ("/", "/export/codes.csv"):
        refused = httpx.get(server.url + path, headers={header: "192.0.2.7"})
        assert refused.status_code == 403
        assert "A proxy would let others in" in refused.text
    assert httpx.get(f"{server.url}/export/codes.csv").status_code == 200


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_what_reaches_another_address_of_the_computer_is_refused(kind: str) -> None:
    passed: list[Scope] = []
    sent: list[Message] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope)

    async def receive() -> Message:
        return {"type": f"{kind}.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    path = "/codes" if kind == "http" else "/_stcore/stream"
    for address in ("127.0.0.1", "::1", "192.0.2.7", "2001:db8::1"):
        scope = {
            **{"type": kind, "method": "GET", "path": path, "query_string": b""},
            **{"headers": [], "server": (address, 8501)},
        }
        in_loop(Guard(app)(scope, receive, send))
    assert [scope["server"][0] for scope in passed] == ["127.0.0.1", "::1"]
    statuses = [m.get("status", m["type"]) for m in sent if not m["type"].endswith("body")]
    assert statuses == [403 if kind == "http" else "websocket.close"] * 2
