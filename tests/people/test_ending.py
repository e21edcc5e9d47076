"""A sign-in that ends closes what is open by it: a tab's WebSocket, a running download."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from data.store import audit
from data.store.audit import Event, entries
from data.store.audit_file import Entry
from pages.people.sessions import Sessions
from pages.routes import while_signed_in as module
from tests.support.loops import in_loop
from tests.support.people import ROLES, provider, serving_people, signed_in
from tests.support.server import Server

VIOLATION = 1008


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("ending")
    store = folder / "vouchers.duckdb"
    with provider() as url, serving_people(store, folder, url, VOUCHERS_SAMPLE="0") as running:
        yield running


@contextmanager
def tab(server: Server, cookies: dict[str, str]) -> Iterator[ClientConnection]:
    with connect(
        server.url.replace("http", "ws") + "/_stcore/stream",
        origin=Origin(server.url),
        additional_headers={"Cookie": "; ".join(f"{n}={v}" for n, v in cookies.items())},
        subprotocols=[Subprotocol("streamlit")],
    ) as connection:
        yield connection


def closed_with(connection: ClientConnection) -> int | None:
    """Read until the server closes the connection; the code with which it does."""
    try:
        while True:
            connection.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def test_a_sign_out_closes_the_open_tabs_of_that_sign_in_only(server: Server) -> None:
    here, elsewhere = signed_in(server, "anna"), signed_in(server, "anna")
    with tab(server, dict(here.cookies)) as first, tab(server, dict(elsewhere.cookies)) as other:
        here.get("/auth/logout", follow_redirects=False)
        assert closed_with(first) == VIOLATION
        other.ping().wait()  # is open
    assert elsewhere.get("/").status_code == 200
    kept = [entry for entry in entries(server.store) if entry["who"] == "anna@example.com"]
    assert Event.REVOKED in {entry["event"] for entry in kept}
    assert Event.SIGN_OUT in {entry["event"] for entry in kept}


def test_who_loses_the_role_loses_the_open_tab(server: Server) -> None:
    roles = server.log.with_name("roles.toml")
    client = signed_in(server, "emil")
    with tab(server, dict(client.cookies)) as connection:
        roles.write_text(ROLES.replace('"exporters"', '"somebody-else"'), "utf-8")
        try:
            assert closed_with(connection) == VIOLATION
            assert client.get("/").status_code == 403
        finally:
            roles.write_text(ROLES, "utf-8")


def test_what_is_open_ends_when_the_role_is_lowered_and_can_be_opened_anew(
    server: Server,
) -> None:
    roles = server.log.with_name("roles.toml")
    client = signed_in(server, "adam")  # an admin, and a viewer
    with tab(server, dict(client.cookies)) as connection:
        roles.write_text(ROLES.replace('"admins"', '"somebody-else"'), "utf-8")
        try:
            assert closed_with(connection) == VIOLATION
            assert client.get("/export/codes.csv").status_code == 403
            with tab(server, dict(client.cookies)) as again:
                again.ping().wait()
        finally:
            roles.write_text(ROLES, "utf-8")


def test_what_a_provider_says_of_a_failure_is_not_in_the_log(server: Server) -> None:
    for query in ("error=JANE7K2QD", "error=x&error_description=JANE7K2QD&state=none"):
        httpx.get(f"{server.url}/oauth2callback?{query}")
    assert "JANE7K2QD" not in server.log.read_text("utf-8")
    assert "Error during authentication: refused" in server.log.read_text("utf-8")


def test_a_moment_before_which_no_sign_in_counts_closes_all_tabs(server: Server) -> None:
    roles = server.log.with_name("roles.toml")
    client = signed_in(server, "vera")
    with tab(server, dict(client.cookies)) as connection:
        roles.write_text("not_before = 2126-01-01T00:00:00Z\n" + ROLES, "utf-8")
        try:
            assert closed_with(connection) == VIOLATION
            assert client.get("/").status_code == 401
        finally:
            roles.write_text(ROLES, "utf-8")


def test_a_file_of_roles_that_is_broken_later_lets_nobody_in(server: Server) -> None:
    roles = server.log.with_name("roles.toml")
    client = signed_in(server, "adam")
    roles.write_text("broken", "utf-8")
    try:
        answered = client.get("/export/codes.csv")
        assert answered.status_code == 403
        assert "the file with roles cannot be used" in answered.text
        assert "roles.toml cannot be read as TOML." in server.log.read_text("utf-8")
    finally:
        roles.write_text(ROLES, "utf-8")
    assert client.get("/export/codes.csv").status_code == 200


def test_sign_ins_and_refusals_are_in_the_audit_log_and_no_query_is(server: Server) -> None:
    client = signed_in(server, "vera")
    assert client.get("/export/codes.csv?prefix=JANE7K2QD").status_code == 403
    of_vera = [e for e in entries(server.store) if e["who"] == "vera@example.com"]
    assert {Event.SIGN_IN, Event.REFUSED} <= {entry["event"] for entry in of_vera}
    refused = next(entry for entry in of_vera if entry["event"] == Event.REFUSED)
    assert refused["facts"]["path"] == "/export/codes.csv"
    for path in ("/JANE7K2QD", "/export/JANE7K2QD", "/export/receipts/JANE7K2QD.json"):
        httpx.get(server.url + path, headers={"Accept": "text/html"})
        client.get(path)
    assert "JANE7K2QD" not in "".join(map(str, entries(server.store)))


def test_a_request_of_another_origin_is_in_the_audit_log(server: Server) -> None:
    client = signed_in(server, "ines")
    refused = client.get("/export/codes.csv?group=SMS", headers={"Origin": "http://localhost:1"})
    assert refused.status_code == 403
    latest = next(audit.entries(server.store))
    assert (latest["event"], latest["who"]) == (Event.REFUSED, "ines@example.com")


def test_an_answer_of_the_provider_that_signs_nobody_in_is_in_the_audit_log(
    server: Server,
) -> None:
    address = f"{server.url}/oauth2callback?error=access_denied&state=none"
    assert httpx.get(address).status_code == 302
    failed: list[Entry] = []
    while not failed:  # it is written once the response is sent
        failed = [e for e in audit.entries(server.store) if "what" in e["facts"]]
        failed = [e for e in failed if e["facts"]["what"] == "sign-in failed"]
    assert failed[0]["event"] == Event.REFUSED
    assert "access_denied" not in str(failed)


# A running download


def test_a_running_download_breaks_off_when_its_sign_in_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = Sessions(lambda: tmp_path / "signed-out.json")
    monkeypatch.setattr(module, "sessions", sessions)
    sent: list[Message] = []

    async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            await send({"type": "http.response.body", "body": b"row\n", "more_body": True})
            await asyncio.sleep(0)

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 3:
            await asyncio.to_thread(sessions.end, "a cookie")

    async def receive() -> Message:
        raise AssertionError

    def is_in() -> bool:
        return sessions.is_open("a cookie", signed_at=9e9)

    scope = {"type": "http"}
    broke_off = module.while_signed_in(endless, scope, receive, send, "a cookie", is_in)
    assert in_loop(broke_off) is True  # it is awaited at all: the endless one has ended
    assert len(sent) == 3
