"""Who gets in by which way: every identity at every route, the WebSocket and the commands."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch
from urllib.parse import quote

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer
from starlette.routing import Mount, Route, WebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

import app
from tests.support.pages import PAGES
from tests.support.paths import ROOT
from tests.support.people import PEOPLE, SECRET, provider, serving_people, signed_in
from tests.support.server import Server
from tests.support.stores import copied

COOKIE = "_streamlit_user"
ROLES = {
    "vera": "viewer",
    "anna": "analyst",
    "emil": "exporter",
    "lena": "exporter of a group",
    "ines": "importer",
    "adam": "admin",
}
NOT_LET_IN = (
    "none",
    "tampered",
    "of another secret",
    "of another origin",
    "not signed in",
    "expired",
    "signed out",
)


class Way(NamedTuple):
    """A request, and the status with which those who are let in by their role are answered."""

    method: str
    path: str
    route: str  # of the app, as it is declared
    status: int = 200
    forbidden: tuple[str, ...] = ()  # subjects whose role does not have the right
    unseen: tuple[str, ...] = ()  # for whom there is no such thing, as they see some groups only


IMPORTERS_ONLY = ("vera", "anna", "emil", "lena")
WAYS = {
    "the Overview": Way("GET", "/", "mount"),
    **{f"the page {page}": Way("GET", f"/{page}", "mount")
       for page in PAGES if page},
    "a file of the pages": Way("GET", "/favicon.png", "mount"),
    "the settings of the pages": Way("GET", "/_stcore/host-config", "/_stcore/host-config"),
    "a medium": Way("GET", "/media/none.png", "/media/{file_id:path}", 404),
    "a component": Way("GET", "/component/none/x.js", "/component/{path:path}", 404),
    "a newer component": Way(
        "GET", "/_stcore/bidi-components/none/x.js", "/_stcore/bidi-components/{path:path}", 404
    ),
    **{f"{kind} as {form}": Way("GET", f"/export/{kind}.{form}?group=Email",
                                f"/export/{kind}.{form}", 200, ("vera",))
       for kind in ("codes", "transactions") for form in ("csv", "xlsx", "parquet")},
    "what an import changed": Way(
        "GET", "/export/changes.csv?import=1&change=new+codes", "/export/changes.csv",
        200, ("vera",), ("lena",),
    ),
    "a check's rows": Way(
        "GET", "/export/checks/used_twice.csv", "/export/checks/{check}.{form}", 200, ("vera",)
    ),
    **{f"what changed since an import as {form}": Way(
           "GET", f"/export/since.{form}?import=1&change=new+codes", f"/export/since.{form}",
           200, ("vera",))
       for form in ("csv", "xlsx", "parquet")},
    "a chart's table": Way("GET", "/export/tables/status.csv", "/export/tables/{key}.{form}"),
    "the verdicts on a list": Way(
        "GET", "/export/lists/none.csv", "/export/lists/{key}.{form}", 404, ("vera", "anna")
    ),
    "a frozen notebook": Way(
        "GET", "/export/notebooks/none.html", "/export/notebooks/{name}.{form}", 404
    ),
    "the rows of a notebook's cell": Way(
        "GET", "/export/notebooks/none/week.csv", "/export/notebooks/{name}/{cell}.{form}", 404
    ),
    "a receipt": Way(
        "GET", "/export/receipts/none.json", "/export/receipts/{receipt}.json", 404
    ),
    "the file of views": Way("GET", "/export/views.json", "/export/views.json"),
    "an unknown address of files": Way("GET", "/export/none", "/export/{rest:path}", 404),
    "the folder of files": Way("GET", "/export", "/export", 404),
    "an unknown page": Way("GET", "/nowhere", "mount", 404),
    "the figures of the server": Way("GET", "/_stcore/metrics", "/_stcore/metrics", 404),
    "the API of agents": Way(
        "POST", "/_stcore/agent/interact", "/_stcore/agent/interact", 404
    ),
    "its schema": Way("GET", "/_stcore/agent/openapi.json", "/_stcore/agent/openapi.json", 404),
    "its tools": Way("POST", "/_stcore/agent/mcp", "/_stcore/agent/mcp", 404),
    "an upload": Way(
        "PUT", "/_stcore/upload_file/none/1", "/_stcore/upload_file/{session_id}/{file_id}",
        400, IMPORTERS_ONLY,
    ),
    "the end of an upload": Way(
        "DELETE", "/_stcore/upload_file/none/1", "/_stcore/upload_file/{session_id}/{file_id}",
        204, IMPORTERS_ONLY,
    ),
}  # fmt: skip
# Whoever asks is answered: there is nothing to be seen.
FOR_EVERYBODY = {
    "the health": Way("GET", "/_stcore/health", "/_stcore/health", 200),
    "the begin of a sign-in": Way("GET", "/sign-in?provider=default", "guard", 303),
    "an unknown provider": Way("GET", "/sign-in?provider=none", "guard", 404),
    "a sign-in without a token": Way("GET", "/auth/login", "/auth/login", 302),
    "an answer of no provider": Way("GET", "/oauth2callback", "/oauth2callback", 302),
}
COMMANDS = (
    *("import", "propose_exported_at", "clear_sample", "backup"),
    *("query", "check_list", "notebook", "hello", "none"),
)
LOGOUT = "/auth/logout"
SOCKET = "/_stcore/stream"


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("people")
    with provider() as url, serving_people(copied(fixture_file, folder), folder, url) as running:
        yield running


@pytest.fixture(scope="module")
def cookies(server: Server) -> dict[str, dict[str, str]]:
    """The cookies of each identity."""
    clients = {sub: signed_in(server, sub) for sub in PEOPLE}
    for client in clients.values():
        client.get("/_stcore/health")  # which brings the cookie against forged uploads
    people = {sub: dict(client.cookies) for sub, client in clients.items()}
    adam = people["adam"]
    gone = signed_in(server, "adam")
    after_the_sign_out = dict(gone.cookies)
    gone.get(LOGOUT, follow_redirects=False)
    other_payload = '{"is_logged_in": true, "sub": "adam", "groups": ["admins"], "origin": "%s"}'
    return people | {
        "none": {},
        "tampered": adam | {COOKIE: tampered(adam[COOKIE])},
        "of another secret": {COOKIE: signed(server, adam, secret="x" * 32)},
        "of another origin": {COOKIE: signed(server, other_payload % "http://localhost:1")},
        "not signed in": {COOKIE: signed(server, other_payload.replace("true", "false"))},
        "expired": {COOKIE: signed(server, adam, hours_ago=12.01)},
        "signed out": after_the_sign_out,
    }


def tampered(cookie: str) -> str:
    """A cookie with another letter at the begin of its signature: all bits of that one count."""
    said, _, signature = cookie.rpartition(".")
    return f"{said}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def signed(
    server: Server,
    payload: str | dict[str, str],
    secret: str = SECRET,
    hours_ago: float = 0,
) -> str:
    """A cookie signed by hand; the payload may be that of other cookies."""
    if isinstance(payload, dict):
        payload = URLSafeTimedSerializer(SECRET, salt=COOKIE).loads(payload[COOKIE])
    with patch("time.time", return_value=time.time() - hours_ago * 3600):
        text = URLSafeTimedSerializer(secret, salt=COOKIE).dumps(payload)
    return text if isinstance(text, str) else text.decode()


def ask(server: Server, way: Way, cookies: dict[str, str], **headers: str) -> httpx.Response:
    # As Streamlit's pages do; a page elsewhere cannot read the cookie.
    headers = {"X-Xsrftoken": cookies.get("_streamlit_xsrf", "")} | headers
    with httpx.Client(cookies=cookies, timeout=30) as client:
        return client.request(way.method, server.url + way.path, headers=headers)


@pytest.mark.parametrize("name", WAYS)
def test_a_person_is_answered_as_far_as_their_role_goes(
    server: Server, cookies: dict[str, dict[str, str]], name: str
) -> None:
    way = WAYS[name]
    answered = {sub: ask(server, way, cookies[sub]).status_code for sub in ROLES}
    otherwise = dict.fromkeys(way.forbidden, 403) | dict.fromkeys(way.unseen, 404)
    assert answered == {sub: otherwise.get(sub, way.status) for sub in ROLES}


@pytest.mark.parametrize("name", WAYS)
def test_nobody_else_is_answered(
    server: Server, cookies: dict[str, dict[str, str]], name: str
) -> None:
    way = WAYS[name]
    answered = {who: ask(server, way, cookies[who]) for who in (*NOT_LET_IN, "nobody")}
    assert {who: response.status_code for who, response in answered.items()} == {
        **dict.fromkeys(NOT_LET_IN, 401),
        "nobody": 403,
    }
    if way.method == "GET":
        sentences = {"Sign in first.", "Your sign-in has ended. Sign in again."}
        assert {answered[who].text for who in NOT_LET_IN} <= sentences


@pytest.mark.parametrize("name", WAYS)
def test_a_page_of_another_origin_is_not_answered_whoever_looks_at_it(
    server: Server, cookies: dict[str, dict[str, str]], name: str
) -> None:
    way = WAYS[name]
    for site in ("cross-site", "same-site"):
        fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
        assert ask(server, way, cookies["adam"], **fetched).status_code == 403
    assert ask(server, way, cookies["adam"], Origin="http://localhost:1").status_code == 403


@pytest.mark.parametrize("name", FOR_EVERYBODY)
def test_what_is_for_everybody_is_the_same_for_all(
    server: Server, cookies: dict[str, dict[str, str]], name: str
) -> None:
    way = FOR_EVERYBODY[name]
    for who in ("none", "tampered", "nobody", "vera"):
        assert ask(server, way, cookies[who]).status_code == way.status


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_need_their_password_whoever_asks(
    server: Server, cookies: dict[str, dict[str, str]], name: str
) -> None:
    way = Way("POST", f"/control/{name}", "/control")
    for who in ("none", "vera", "adam"):
        assert ask(server, way, cookies[who]).status_code in (403, 404)


@pytest.mark.parametrize("path", ["/codes?group=Email", "/export/codes.csv?group=Email"])
def test_the_wanted_address_survives_the_sign_in(server: Server, path: str) -> None:
    client = signed_in(server, "emil", path)
    assert client.headers["X-Last-Page"] == server.url + path


@pytest.mark.parametrize(
    "wanted",
    ["//example.com/", "/\\example.com", "/\t/example.com", "https://example.com/", "example.com"],
)
def test_no_address_of_another_host_is_wanted(
    server: Server, cookies: dict[str, dict[str, str]], wanted: str
) -> None:
    brought = cookies["emil"] | {"voucher_explorer_wanted": quote(wanted, safe="")}
    response = ask(server, Way("GET", "/", "mount"), brought, Accept="text/html")
    assert (response.status_code, response.headers["location"]) == (303, "/")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "MADEUP"])
def test_no_other_method_is_answered(
    server: Server, cookies: dict[str, dict[str, str]], method: str
) -> None:
    for path in ("/", "/export/codes.csv", "/control/hello"):
        answered = ask(server, Way(method, path, ""), cookies["adam"]).status_code
        assert answered in (400, 404, 405)


# The WebSocket


def handshake(server: Server, cookies: dict[str, str], origin: str | None) -> int:
    """The status with which a handshake is answered; 101: it is open."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    address = server.url.replace("http", "ws") + SOCKET
    try:
        with connect(
            address,
            origin=Origin(origin) if origin else None,
            additional_headers={"Cookie": cookie},
            subprotocols=[Subprotocol("streamlit")],
        ):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_the_web_socket_opens_for_people_with_a_role_and_for_nobody_else(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    opened = {who: handshake(server, cookies[who], server.url) for who in cookies}
    assert opened == {who: 101 if who in ROLES else 403 for who in cookies}


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://localhost:1",
        "http://localhost",
        "https://localhost",
        "http://a.example",
    ],
)
def test_the_web_socket_opens_for_no_other_origin(
    server: Server, cookies: dict[str, dict[str, str]], origin: str | None
) -> None:
    assert handshake(server, cookies["adam"], origin) == 403


# Whether this matrix knows every way


def test_the_matrix_knows_every_route_of_the_app() -> None:
    known = {way.route for way in (*WAYS.values(), *FOR_EVERYBODY.values())}
    known |= {f"/control/{name}" for name in COMMANDS}
    known |= {"/control", "/control/{rest:path}", LOGOUT, SOCKET}
    for route in app.app._build_starlette_app().routes:
        if isinstance(route, Mount):  # Streamlit's own files, and its shell for any page
            assert "mount" in known
        else:
            assert isinstance(route, Route | WebSocketRoute)
            assert route.path in known, f"The matrix does not know {route.path}"


def test_the_matrix_knows_every_page(server: Server) -> None:
    pages = {path.stem for path in Path(app.__file__).with_name("pages").glob("*.py")}
    pages -= {"__init__", "navigation", "overview"}
    known = {way.path.strip("/") for name, way in WAYS.items() if name.startswith("the page")}
    assert pages == known


def test_a_command_of_who_runs_the_app_needs_no_sign_in(server: Server, tmp_path: Path) -> None:
    output = tmp_path / "codes.csv"
    command = [sys.executable, "-m", "queries.export", "codes", "--group", "Email"]
    subprocess.run(
        [*command, "--store", str(server.store), "-o", str(output)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert output.read_bytes().startswith(b"Code,Group_Name")
    receipt = json.loads(output.with_name("codes.csv.receipt.json").read_text("utf-8"))
    assert receipt["rows"] == 10
