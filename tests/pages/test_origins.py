"""Which requests and WebSockets of pages elsewhere are refused."""

import httpx
import pytest
from starlette.types import Scope
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from pages.routes.origins import is_allowed
from tests.support.server import Server
from tests.support.tab import STREAMLIT

OPENED = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
CLICKED = {**OPENED, "sec-fetch-user": "?1"}
FETCHED = {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "empty"}
FILES = ["/export/codes.csv", "/EXPORT/codes.csv", "/export/tables/by_site.csv", "/export"]
WRITING = ["/control/import", "/_stcore/upload_file/a/b", "/media/a.png", "/auth/logout"]
PAGES = ["/", "/codes", "/batches", "/oauth2callback", "/auth/login"]
OTHERS = ["cross-site", "same-site"]


def request(path: str, method: str = "GET", /, **headers: str) -> Scope:
    """A request to the app at http://localhost:8501; in names of headers _ stands for -."""
    sent = {"host": "localhost:8501", **{k.replace("_", "-"): v for k, v in headers.items()}}
    pairs = [(name.encode(), value.encode()) for name, value in sent.items()]
    return {"type": "http", "scheme": "http", "method": method, "path": path, "headers": pairs}


def websocket(host: str, *origins: str, scheme: str = "ws") -> Scope:
    """A handshake to this host."""
    headers = [(b"host", host.encode()), *((b"origin", origin.encode()) for origin in origins)]
    return {"type": "websocket", "scheme": scheme, "path": "/_stcore/stream", "headers": headers}


@pytest.mark.parametrize(
    ("host", "origin", "scheme"),
    [
        ("localhost:8501", "http://localhost:8501", "ws"),
        ("LOCALHOST:8501", "http://localhost:8501", "ws"),
        ("127.0.0.1", "http://127.0.0.1", "ws"),
        ("127.0.0.1:80", "http://127.0.0.1", "ws"),
        ("[::1]:8501", "http://[::1]:8501", "ws"),
        ("vouchers.example.com", "https://vouchers.example.com", "wss"),
    ],
)
def test_a_websocket_of_the_apps_own_page_is_let_in(host: str, origin: str, scheme: str) -> None:
    assert is_allowed(websocket(host, origin, scheme=scheme), None)


@pytest.mark.parametrize(
    "origins",
    [
        [],
        [""],
        ["null"],
        ["http://localhost:8502"],
        ["http://127.0.0.1:8501"],
        ["https://localhost:8501"],
        ["ws://localhost:8501"],
        ["http://localhost"],
        ["http://localhost:8501.example.com"],
        ["http://localhost:8501@example.com"],
        ["http://localhost:8501/codes"],
        ["http://localhost:port"],
        ["http://[localhost:8501"],
        ["http://example.com"],
        ["http://localhost:8501", "http://localhost:8501"],
        ["http://localhost:8501", "http://example.com"],
    ],
)
def test_any_other_websocket_is_refused(origins: list[str]) -> None:
    assert not is_allowed(websocket("localhost:8501", *origins), None)


@pytest.mark.parametrize("host", ["", "localhost:port", "[localhost", "a/b", "a@localhost:8501"])
def test_a_host_that_is_none_has_no_page_of_its_own(host: str) -> None:
    assert not is_allowed(websocket(host, f"http://{host}"), None)


def test_with_a_configured_origin_no_other_counts() -> None:
    configured = "https://vouchers.example.com"
    behind_a_proxy = ("127.0.0.1:8501", "ws")
    for host, scheme in (behind_a_proxy, ("vouchers.example.com", "wss")):
        assert is_allowed(websocket(host, configured, scheme=scheme), configured)
        own = f"http://{host}" if scheme == "ws" else f"https://{host}:8443"
        assert not is_allowed(websocket(host, own, scheme=scheme), configured)
    assert not is_allowed(websocket("localhost:8501", "http://localhost:8501"), "no address")


@pytest.mark.parametrize("site", OTHERS)
def test_what_writes_or_sends_data_is_opened_from_elsewhere_by_a_click_alone(
    site: str,
) -> None:
    for path in [*FILES, *WRITING]:
        assert is_allowed(request(path, sec_fetch_site=site, **CLICKED), None), path
        assert not is_allowed(request(path, sec_fetch_site=site, **OPENED), None), path
        assert not is_allowed(request(path, sec_fetch_site=site, **FETCHED), None), path


@pytest.mark.parametrize("site", OTHERS)
def test_a_page_is_opened_from_elsewhere_by_a_redirect_too(
    site: str,
) -> None:
    for path in PAGES:
        assert is_allowed(request(path, sec_fetch_site=site, **OPENED), None), path
        assert not is_allowed(request(path, sec_fetch_site=site, **FETCHED), None), path


@pytest.mark.parametrize("site", OTHERS)
@pytest.mark.parametrize("element", ["iframe", "frame", "embed", "object"])
def test_nothing_is_framed_from_elsewhere_not_even_by_a_click(site: str, element: str) -> None:
    for path in [*FILES, *PAGES]:
        framed = {**CLICKED, "sec-fetch-dest": element}
        assert not is_allowed(request(path, sec_fetch_site=site, **framed), None), path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_click_elsewhere_changes_nothing_here(
    method: str,
) -> None:
    for path in [*FILES, *WRITING, *PAGES]:
        for headers in (
            {"sec_fetch_site": "cross-site", **CLICKED},
            {"origin": "http://localhost"},
        ):
            assert not is_allowed(request(path, method, **headers), None), path


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {},  # a script, a command
        {"origin": "http://localhost:8501"},
        {"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"},
        {"sec_fetch_site": "none", **CLICKED},  # typed, or a bookmark
    ],
)
def test_scripts_and_the_apps_own_pages_go_on_working(method: str, headers: dict[str, str]) -> None:
    for path in [*FILES, *WRITING, *PAGES]:
        assert is_allowed(request(path, method, **headers), None), path


@pytest.mark.parametrize("origin", ["null", "http://localhost:8502", "http://example.com"])
def test_a_request_that_names_another_origin_is_refused_without_any_other_sign(origin: str) -> None:
    for path in [*FILES, *WRITING, *PAGES]:
        assert not is_allowed(request(path, origin=origin), None), path
        own_by_its_own_words = {"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"}
        assert not is_allowed(request(path, origin=origin, **own_by_its_own_words), None), path


def test_whether_the_app_is_well_may_be_asked_from_anywhere(server: Server) -> None:
    headers = {"Origin": "http://example.com", "Sec-Fetch-Site": "cross-site"}
    response = httpx.get(f"{server.url}/_stcore/health", headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_the_app_refuses_in_a_sentence(
    server: Server,
    method: str,
) -> None:
    for path in ["/", "/codes", "/export/codes.csv", "/control/hello", "/_stcore/upload_file/a/b"]:
        headers = {"Origin": "http://example.com"}
        response = httpx.request(method, server.url + path, headers=headers)
        assert response.status_code == 403, path
        sentence = "A page of another address asked for this. Open it from Voucher Explorer."
        assert response.text == ("" if method == "HEAD" else sentence), path


def test_the_app_refuses_a_websocket_without_an_origin_or_with_another(server: Server) -> None:
    address = f"{server.url.replace('http', 'ws', 1)}/_stcore/stream"
    port = server.url.rpartition(":")[2]
    for origin in (None, "null", f"http://localhost:{port}", f"https://127.0.0.1:{port}"):
        named = Origin(origin) if origin else None
        with pytest.raises(InvalidStatus) as refused, connect(address, origin=named):
            pass
        assert refused.value.response.status_code == 403
    with connect(address, origin=Origin(server.url), subprotocols=[STREAMLIT]) as let_in:
        assert let_in.subprotocol == STREAMLIT
