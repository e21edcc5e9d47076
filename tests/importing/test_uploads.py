"""An upload is checked before its first byte, bounded while it comes, and gone with its page."""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from data.importing.scope import Scope as ImportScope
from data.importing.upload_names import failure_of, on_disk
from pages.importing.job import ReadyFile, own
from pages.people.current import IN_SCOPE
from pages.people.person import Person
from pages.routes import stored_uploads, uploads
from pages.routes.uploads import UploadsToDisk
from queries.filters import Filters
from tests.support.routes import listening
from tests.support.server import Server, serving
from tests.support.stores import copied
from tests.support.tab import Tab
from tests.support.uploads import begun, body_of, response_on, tokens, upload

MEGABYTE = 1024**2


@pytest.fixture(scope="module")
def upload_server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app, which takes uploads of a megabyte and forgets a closed page at once."""
    folder = tmp_path_factory.mktemp("upload_server")
    with serving(
        copied(fixture_file, folder),
        folder / "server.log",
        STREAMLIT_SERVER_MAX_UPLOAD_SIZE="1",
        STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="0",
    ) as running:
        yield running


@pytest.fixture(scope="module")
def tab(upload_server: Server) -> Iterator[Tab]:
    """An open page."""
    with Tab(upload_server.url) as opened:
        opened.look(Filters())
        yield opened


def stored(server: Server) -> list[Path]:
    return list(server.scratch.glob("upload-*"))


def wait_until(happened: Callable[[], bool]) -> None:
    for _ in range(3000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("It did not happen within half a minute.")


def refused(server: Server, session: str, headers: dict[str, str]) -> tuple[int, str]:
    """The response to an upload of which no byte has been sent."""
    with begun(server.url, session, {"Content-Length": "1000", **headers}) as client:
        response = response_on(client)
        assert client.recv(1) == b"", "The connection goes on, and the body could come."
    assert stored(server) == []
    return response


@pytest.mark.parametrize("session", ["nobody", "00000000-0000-0000-0000-000000000000", "%2e%2e"])
def test_an_upload_without_an_open_page_is_refused_before_its_first_byte(
    upload_server: Server, session: str
) -> None:
    status, text = refused(upload_server, session, tokens())
    assert status == 400
    assert text == "The page of this upload is not open any more. Reload it."


def test_an_upload_with_a_missing_or_forged_token_is_refused_before_its_first_byte(
    upload_server: Server, tab: Tab
) -> None:
    page, others = tokens(), tokens()
    for headers in (
        {},
        {"Cookie": page["Cookie"]},
        {"X-Xsrftoken": page["X-Xsrftoken"]},
        {"Cookie": page["Cookie"], "X-Xsrftoken": others["X-Xsrftoken"]},
        {"Cookie": page["Cookie"], "X-Xsrftoken": "2|00|00|0"},
    ):
        status, text = refused(upload_server, tab.session, headers)
        assert status == 403
        assert text == "This upload does not come from a page of Voucher Explorer."


def test_an_upload_that_says_it_is_too_large_is_refused_before_its_first_byte(
    upload_server: Server, tab: Tab
) -> None:
    headers = {**tokens(), "Content-Length": str(MEGABYTE + 1)}
    status, text = refused(upload_server, tab.session, headers)
    assert status == 413
    assert "1 MB at most" in text


def test_an_upload_that_does_not_say_how_large_it_is_ends_where_it_is_too_large(
    upload_server: Server, tab: Tab
) -> None:
    headers = {**tokens(), "Transfer-Encoding": "chunked"}
    with begun(upload_server.url, tab.session, headers) as client:
        body = body_of(b"x" * MEGABYTE)[: MEGABYTE + 1]
        client.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        status, _ = response_on(client)
    assert status == 413
    wait_until(lambda: stored(upload_server) == [])


def test_an_upload_of_a_page_is_kept_until_it_is_taken_off_the_page(
    upload_server: Server, tab: Tab
) -> None:
    assert upload(upload_server.url, tab.session, b"Code\n", "one") == 204
    (path,) = stored(upload_server)
    assert path.read_bytes() == b"Code\n"
    url = f"{upload_server.url}/_stcore/upload_file/{tab.session}/one"
    assert httpx.delete(url).status_code == 403
    assert path.exists()
    assert httpx.delete(url, headers=tokens()).status_code == 204
    assert stored(upload_server) == []


def test_an_upload_is_gone_with_its_page(upload_server: Server) -> None:
    with Tab(upload_server.url) as other:
        other.look(Filters())
        assert upload(upload_server.url, other.session, b"Code\n") == 204
        assert len(stored(upload_server)) == 1
    wait_until(lambda: stored(upload_server) == [])


def test_an_import_that_has_begun_keeps_its_file_when_the_page_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "upload-1.csv"
    path.write_text("Code\n", "utf-8")
    stored_uploads.remember("a page", "a file", path)
    file = own(ReadyFile("codes.csv", path, ImportScope(), "utf-8"))
    monkeypatch.setattr(stored_uploads, "known_sessions", set)
    stored_uploads.sweep()
    assert file.path.read_text("utf-8") == "Code\n"
    assert [file.path] == list(tmp_path.iterdir())


# Streamlit stands behind the middleware in the tests above; below, something that only says yes.


class _As:
    """Middleware that takes the person from headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope.get("headers", ())}
        name, role = headers.get("x-name", "Anna"), headers.get("x-role", "importer")
        await self._app({**scope, IN_SCOPE: Person(name, name, role)}, receive, send)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The middleware; each session is open, and uploads lie in the test's folder."""
    monkeypatch.setattr(uploads, "is_connected", lambda _: True)

    def folder() -> Path:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()  # opening a store takes long
        return tmp_path

    async def accept(request: Request) -> Response:
        body = await request.body()
        (tmp_path / "handed-on").write_bytes(body)
        return Response(status_code=204)

    route = Route("/_stcore/upload_file/{session}/{file}", accept, methods=["PUT"])
    middleware = [Middleware(_As), Middleware(UploadsToDisk, folder=folder)]
    with listening(Starlette(routes=[route], middleware=middleware)) as address:
        yield address


def handed_on(folder: Path) -> Path:
    """Where the upload lies of which the application behind was told."""
    content = (folder / "handed-on").read_bytes().partition(b"\r\n\r\n")[2]
    path = on_disk(folder, content.partition(b"\r\n")[0])
    assert path
    return path


@contextmanager
def sending(url: str, content: bytes, name: str, file: str) -> Iterator[Callable[[], int]]:
    """An upload of which half has been sent; calling it sends the rest and gives the status."""
    body = body_of(content)
    headers = {**tokens(), "Content-Length": str(len(body)), "X-Name": name}
    with begun(url, "session", headers, file) as client:
        client.sendall(body[: len(body) // 2])

        def finish() -> int:
            client.sendall(body[len(body) // 2 :])
            return response_on(client)[0]

        yield finish


@pytest.mark.parametrize("role", ["viewer", "analyst", "exporter"])
def test_who_may_not_import_may_not_upload(url: str, tmp_path: Path, role: str) -> None:
    headers = {**tokens(), "Content-Length": "1000", "X-Role": role}
    with begun(url, "session", headers) as client:
        assert response_on(client) == (403, f"Your role, {role}, may not import files.")
    assert list(tmp_path.iterdir()) == []


def test_one_upload_of_a_person_is_written_at_a_time_and_the_others_wait(
    url: str, tmp_path: Path
) -> None:
    content = b"x" * 1000
    with (
        sending(url, content, "Anna", "1") as first,
        sending(url, content, "Anna", "2") as second,
        sending(url, content, "Ben", "3") as of_another,
    ):
        wait_until(lambda: len(uploads.TURNS) == 1)
        assert of_another() == 204  # nobody waits for somebody else
        wait_until(lambda: len([p for p in tmp_path.glob("upload-*") if p.is_dir()]) == 1)
        assert first() == 204
        assert second() == 204
    assert sorted(p.read_bytes() for p in tmp_path.glob("upload-*.csv")) == [content] * 3


def test_a_client_that_goes_away_leaves_no_file_and_the_next_one_has_its_turn(
    url: str, tmp_path: Path
) -> None:
    with sending(url, b"x" * 1000, "Anna", "1"):
        wait_until(lambda: any(tmp_path.glob("upload-*")))
    with sending(url, b"y" * 1000, "Anna", "2") as next_one:
        assert next_one() == 204
    assert [path.read_bytes() for path in tmp_path.glob("upload-*")] == [b"y" * 1000]


class Usage(NamedTuple):
    """What the operating system says of a disk."""

    free: int


@pytest.mark.parametrize("times", [0, 1])
def test_an_upload_leaves_256_mb_of_the_disk_free_and_the_page_says_why_it_is_not_there(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """`times`: how often there is room, before the first byte and while they come."""
    room = iter([Usage(256 * MEGABYTE)] * times)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: next(room, Usage(256 * MEGABYTE - 1)))
    assert upload(url, "session", b"x" * 300_000) == 204
    path = handed_on(tmp_path)
    assert "disk" in failure_of(path)
    assert [file.name for file in tmp_path.iterdir()] == ["handed-on"]
