"""What a hostile page in the same browser tries: real servers, and a real Chromium."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from tests.support.browser import settle, tile
from tests.support.hostile import Hostile, Statuses, hostile_pages
from tests.support.server import Server, serving
from tests.support.stores import copied

# The app is opened as 127.0.0.1: "localhost" is another site, another port of it the same site.
HOSTS = ("localhost", "127.0.0.1")
FROM_EACH_HOST = pytest.mark.parametrize("host", HOSTS)

ELEMENTS = {"img": "src", "script": "src", "iframe": "src", "video": "src", "audio": "src"}
LOADING = {  # ways in which a page asks for an address on its own; u(way) is the address
    "fetch": "fetch(u('fetch'))",
    "fetch without CORS": "fetch(u('fetch without CORS'), {mode: 'no-cors'})",
    "fetch with cookies": "fetch(u('fetch with cookies'), {credentials: 'include'})",
    "fetch with a header": "fetch(u('fetch with a header'), {headers: {'X-A': '1'}})",
    "beacon": "navigator.sendBeacon(u('beacon'), 'x')",
    **{tag: f"add('{tag}', {{{source}: u('{tag}')}})" for tag, source in ELEMENTS.items()},
    **{
        f"link to a {kind}": f"add('link', {{rel: '{kind}', href: u('link to a {kind}')}})"
        for kind in ("stylesheet", "prefetch", "icon")
    },
    **{
        f"{method} of a form": f"send('{method}', u('{method} of a form'), 'frame of {method}')"
        for method in ("GET", "POST")
    },
}
OPENING = {  # ways in which a page opens an address in a tab without anybody's click
    "location": "location.href = u('location')",
    "replace": "location.replace(u('replace'))",
    "window": "window.open(u('window'))",
    "link": "add('a', {href: u('link'), textContent: 'a link'}).click()",
    "refresh": "add('meta', {httpEquiv: 'refresh', content: '0;url=' + u('refresh')})",
    "form": "send('GET', u('form'), '_top')",
}
SCRIPT = """
const app = %s, path = %s;
const u = (way) => app + path + '?way=' + encodeURIComponent(way);
const add = (tag, properties) => {
    const element = Object.assign(document.createElement(tag), properties);
    (tag === 'link' ? document.head : document.body).append(element);
    return element;
};
const send = (method, action, target) => {
    if (target !== '_top') add('iframe', {name: target});
    const form = add('form', {method, action, target});
    const way = new URL(action).searchParams.get('way');
    form.append(Object.assign(document.createElement('input'), {name: 'way', value: way}));
    form.submit();
};
"""


@pytest.fixture(scope="module")
def sink() -> Iterator[socket.socket]:
    """A proxy to the internet that only notes who calls."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture(scope="module")
def attacked(
    fixture_file: Path, tmp_path_factory: pytest.TempPathFactory, sink: socket.socket
) -> Iterator[Server]:
    """The app over the fixtures; whatever it asks the internet goes to the sink."""
    folder = tmp_path_factory.mktemp("attacked")
    proxy = f"http://127.0.0.1:{sink.getsockname()[1]}"
    options = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
    path = copied(fixture_file, folder)
    with serving(path, folder / "server.log", VOUCHERS_SAMPLE="0", **options) as running:
        yield running


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    with hostile_pages() as pages:
        yield pages


def script(server: Server, path: str, *statements: str) -> str:
    """A hostile page that runs these statements against an address of the app."""
    known = SCRIPT % (json.dumps(server.url), json.dumps(path))
    return f"<body><script>{known}{';'.join(statements)}</script></body>"


def written(server: Server) -> dict[str, bytes]:
    """What the app keeps of downloads and uploads."""
    files = [*server.store.parent.glob("*.downloads.*"), *server.scratch.rglob("*")]
    return {str(file): file.read_bytes() for file in files if file.is_file()}


def visit(page: Page, address: str) -> Statuses:
    """Open a page, and watch from its first request on."""
    statuses = Statuses(page)
    page.goto(address)
    return statuses


@FROM_EACH_HOST
@pytest.mark.parametrize("path", ["/export/codes.csv", "/export/tables/status.xlsx", "/codes"])
def test_nothing_that_a_page_elsewhere_loads_comes_from_the_app(
    attacked: Server, hostile: Hostile, page: Page, host: str, path: str
) -> None:
    before = written(attacked)
    address = hostile.url(host, script(attacked, path, *LOADING.values()))
    statuses = visit(page, address).of(set(LOADING))
    assert statuses == {way: {403} for way in LOADING}
    assert written(attacked) == before


@FROM_EACH_HOST
@pytest.mark.parametrize("way", OPENING)
def test_a_page_elsewhere_starts_no_download_without_a_click(
    attacked: Server, hostile: Hostile, page: Page, host: str, way: str
) -> None:
    before = written(attacked)
    html = script(attacked, "/export/codes.csv", OPENING[way])
    with page.context.expect_event("response", lambda found: "way=" in found.url) as opened:
        page.goto(hostile.url(host, html), wait_until="commit")
    assert opened.value.status == 403
    assert written(attacked) == before


@FROM_EACH_HOST
def test_a_persons_own_click_elsewhere_downloads_the_file(
    attacked: Server, hostile: Hostile, page: Page, tmp_path: Path, host: str
) -> None:
    link = f'<a href="{attacked.url}/export/codes.csv?group=Email">The codes of Email</a>'
    page.goto(hostile.url(host, link))
    with page.expect_download() as started:
        page.get_by_role("link").click()
    started.value.save_as(tmp_path / "codes.csv")
    expected = httpx.get(f"{attacked.url}/export/codes.csv?group=Email").content
    assert (tmp_path / "codes.csv").read_bytes() == expected


@FROM_EACH_HOST
def test_a_page_of_the_app_opens_from_elsewhere_as_after_a_sign_in(
    attacked: Server, hostile: Hostile, page: Page, host: str
) -> None:
    html = f"<script>location.href = '{attacked.url}/codes?group=Email'</script>"
    page.goto(hostile.url(host, html), wait_until="commit")
    page.wait_for_url(re.compile("/codes"))
    settle(page)
    assert tile(page, "Codes issued") == "10"


@FROM_EACH_HOST
@pytest.mark.parametrize("path", ["/", "/_stcore/health"])
def test_no_page_frames_the_app(
    attacked: Server, hostile: Hostile, page: Page, host: str, path: str
) -> None:
    refusals: list[str] = []
    page.on("console", lambda message: refusals.append(message.text))
    frame = f'<iframe src="{attacked.url}{path}" onload="document.title = \'loaded\'"></iframe>'
    page.goto(hostile.url(host, frame))
    page.wait_for_function("document.title === 'loaded'")
    assert any("frame-ancestors 'none'" in text for text in refusals)
    (framed,) = page.main_frame.child_frames
    assert framed.url.startswith("chrome-error:")


@FROM_EACH_HOST
def test_a_foreign_websocket_is_refused_and_the_app_asks_nobody_about_it(
    attacked: Server, hostile: Hostile, page: Page, sink: socket.socket, host: str
) -> None:
    refusals: list[str] = []
    page.on("console", lambda message: refusals.append(message.text))
    open_one = (
        "const socket = new WebSocket(app.replace('http', 'ws') + path, 'streamlit');"
        "socket.onerror = () => { document.title += 'x' };"
        "socket.onopen = () => { document.title = 'open' };"
    )
    html = script(attacked, "/_stcore/stream", f"for (let n = 0; n < 10; n++) {{ {open_one} }}")
    page.goto(hostile.url(host, html), wait_until="commit")
    assert httpx.get(f"{attacked.url}/_stcore/health").status_code == 200
    page.wait_for_function("document.title.length >= 10 || document.title === 'open'")
    assert page.title() == "x" * 10
    refused = [text for text in refusals if "Unexpected response code: 403" in text]
    assert len(refused) == 10
    with pytest.raises(BlockingIOError):
        sink.accept()  # nobody has called


@FROM_EACH_HOST
def test_a_page_elsewhere_uploads_nothing_and_gives_no_command(
    attacked: Server, hostile: Hostile, page: Page, host: str
) -> None:
    before = written(attacked)
    body = "const body = new FormData(); body.append('file', new Blob(['Code']), 'a.csv')"
    ways = {
        "PUT": "fetch(u('PUT'), {method: 'PUT', body})",
        "DELETE": "fetch(u('DELETE'), {method: 'DELETE'})",
        "POST": "fetch(u('POST'), {method: 'POST', body, mode: 'no-cors'})",
        "beacon": "navigator.sendBeacon(u('beacon'), body)",
        "form": "send('POST', u('form'), 'frame')",
        "JSON": "fetch(u('JSON'), {method: 'POST', body: '{}', mode: 'no-cors'})",
    }
    for path in ("/_stcore/upload_file/a/b", "/control/import", "/_stcore/agent/interact"):
        address = hostile.url(host, script(attacked, path, body, *ways.values()))
        statuses = visit(page, address).of(set(ways))
        assert statuses == {way: {403} for way in ways}
    assert written(attacked) == before


@pytest.mark.server
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_foreign_upload_is_refused_before_its_first_byte(attacked: Server, method: str) -> None:
    with socket.create_connection(("127.0.0.1", int(attacked.url.rpartition(":")[2]))) as client:
        head = [
            f"{method} /_stcore/upload_file/a/b HTTP/1.1",
            f"Host: {attacked.url.rpartition('/')[2]}",
            "Origin: http://localhost:1",
            "Content-Type: multipart/form-data; boundary=b",
            "Content-Length: 1000000000",
        ]
        client.sendall("\r\n".join([*head, "", ""]).encode())
        assert client.recv(100).startswith(b"HTTP/1.1 403")


@FROM_EACH_HOST
def test_a_page_that_opened_the_app_cannot_speak_to_it(
    attacked: Server, hostile: Hostile, page: Page, host: str
) -> None:
    html = f"<button onclick=\"opened = window.open('{attacked.url}/imports')\">Open</button>"
    page.goto(hostile.url(host, html))
    with page.context.expect_page() as shown:
        page.get_by_role("button").click()
    settle(shown.value)
    assert page.evaluate("opened.closed")  # to the opener, though it is there
    assert shown.value.evaluate("window.opener") is None
    moved = {"type": "SET_FILE_UPLOAD_CLIENT_CONFIG", "prefix": hostile.url(host, "")}
    page.evaluate("sent => opened.postMessage({stCommVersion: 1, ...sent}, '*')", moved)
    answer = httpx.get(f"{attacked.url}/_stcore/host-config").json()
    assert answer["allowedOrigins"] == []
