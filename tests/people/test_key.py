"""VOUCHERS_KEY=on: only who has the address that the app prints gets in."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from pages.frame.view_state import PARAMETERS
from tests.support.server import Server, serving
from tests.support.stores import copied

WAYS = ("/", "/codes", "/export/codes.csv", "/export/receipts/none.json", "/_stcore/host-config")
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("key")
    store = copied(fixture_file, folder)
    with serving(store, folder / "app.log", "app.py", False, VOUCHERS_KEY="on") as running:
        yield running


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    printed = re.search(r"Open: (http://\S+)/\?key=(\S+)", server.log.read_text("utf-8"))
    assert printed
    assert printed[1] == server.url
    return printed[2]


@pytest.mark.parametrize("path", WAYS)
def test_without_the_key_nothing_is_answered(server: Server, key: str, path: str) -> None:
    wrong = [{}, {"Authorization": "Bearer wrong"}, {"Cookie": "voucher_explorer_key_1=" + key}]
    for headers in wrong:
        assert httpx.get(server.url + path, headers=headers).status_code == 401
    assert httpx.get(f"{server.url}{path}?key={key[:-1]}").status_code == 401


def test_no_page_has_a_parameter_that_is_taken_for_the_key(server: Server, key: str) -> None:
    with httpx.Client(base_url=server.url, headers=PAGE, follow_redirects=True) as browser:
        assert browser.get(f"/?key={key}").status_code == 200
        for page, names in PARAMETERS.items():
            address = f"/{page}?{urlencode(dict.fromkeys(names, 'x'))}"
            assert (address, browser.get(address).status_code) == (address, 200)


def test_the_health_needs_no_key(server: Server) -> None:
    assert httpx.get(f"{server.url}/_stcore/health").status_code == 200


def test_the_printed_address_leaves_a_cookie_and_no_key_in_the_address(
    server: Server, key: str
) -> None:
    with httpx.Client(base_url=server.url, headers=PAGE) as browser:
        answered = browser.get(f"/codes?group=Email&key={key}")
        assert (answered.status_code, answered.headers["location"]) == (303, "/codes?group=Email")
        cookie = answered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert browser.get("/codes?group=Email").status_code == 200
        assert browser.get("/export/codes.csv").status_code == 200
    with httpx.Client(base_url=server.url, headers=PAGE) as another:
        assert another.get("/codes").status_code == 401


def test_a_script_brings_the_key_in_a_header_or_in_the_address(server: Server, key: str) -> None:
    whole = httpx.get(
        f"{server.url}/export/codes.csv?group=Email", headers={"Authorization": f"Bearer {key}"}
    )
    assert whole.status_code == 200
    by_address = httpx.get(f"{server.url}/export/codes.csv?key={key}&group=Email")
    assert by_address.content == whole.content
    assert key not in str(by_address.headers)


def test_the_web_socket_needs_the_key(server: Server, key: str) -> None:
    port = server.url.rpartition(":")[2]
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus), connect(address, origin=Origin(server.url)):
        pass
    cookie = {"Cookie": f"voucher_explorer_key_{port}={key}"}
    with connect(address, origin=Origin(server.url), additional_headers=cookie) as connection:
        connection.ping().wait()


def test_the_key_is_in_no_receipt_and_no_audit_log(server: Server, key: str) -> None:
    httpx.get(f"{server.url}/export/codes.csv?key={key}")
    beside = [path for path in server.store.parent.iterdir() if path.suffix == ".jsonl"]
    assert beside
    assert all(key not in path.read_text("utf-8") for path in beside)
