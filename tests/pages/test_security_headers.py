"""Every response tells the browser what a page of the app may do."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.routes.security_headers import SecurityHeaders
from tests.support.routes import listening
from tests.support.server import Server

FOREIGN = {"Origin": "http://example.com"}
RESPONSES = {  # method, path, headers, status
    "a page": ("GET", "/codes", {}, 200),
    "a redirect": ("GET", "/codes/", {}, 301),
    "a file of Streamlit": ("GET", "/favicon.png", {}, 200),
    "a file that is as it was": ("GET", "/favicon.png", {"If-None-Match": "*"}, 304),
    "the health": ("GET", "/_stcore/health", {}, 200),
    "the settings for a host": ("GET", "/_stcore/host-config", {}, 200),
    "no such page of the agent API": ("GET", "/_stcore/agent/none", {}, 404),
    "no such upload": ("PUT", "/_stcore/upload_file/a/b", {}, 403),
    "no such medium": ("GET", "/media/none.png", {}, 404),
    "a method that is none": ("POST", "/codes", {}, 404),
    "a dangerous path": ("GET", "//example.com/%5c%5cserver", {}, 404),
    "a download": ("GET", "/export/codes.csv?group=Email", {}, 200),
    "a download's headers": ("HEAD", "/export/codes.csv", {}, 200),
    "a chart's table": ("GET", "/export/tables/status.csv", {}, 200),
    "an unreadable filter": ("GET", "/export/codes.csv?from=never", {}, 400),
    "no such receipt": ("GET", "/export/receipts/none.json", {}, 404),
    "no such route": ("GET", "/export/none", {}, 404),
    "no password": ("POST", "/control/hello", {}, 403),
    "another origin": ("GET", "/export/codes.csv", FOREIGN, 403),
    "another host": ("GET", "/codes", {"Host": "example.com"}, 400),
    "a long address": ("GET", "/codes?" + "group=a&" * 1100, {}, 414),
}
EXPECTED = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def assert_secured(response: httpx.Response) -> None:
    """The response has each of the headers once."""
    for name, value in EXPECTED.items():
        assert response.headers.get_list(name) == [value]
    (policy,) = response.headers.get_list("content-security-policy")
    parts = dict(part.partition(" ")[::2] for part in policy.split("; "))
    assert parts["frame-ancestors"] == "'none'"
    assert parts["default-src"] == "'none'"
    assert parts["connect-src"] == parts["form-action"] == "'self'"
    assert parts["object-src"] == parts["base-uri"] == "'none'"
    assert "unsafe" not in parts["script-src"]
    (permissions,) = response.headers.get_list("permissions-policy")
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(permissions.split(", "))


@pytest.mark.parametrize("name", RESPONSES)
def test_every_response_has_the_headers(server: Server, name: str) -> None:
    method, path, headers, status = RESPONSES[name]
    response = httpx.request(method, server.url + path, headers=headers)
    assert response.status_code == status
    assert_secured(response)
    if path.startswith(("/export", "/control")):
        assert response.headers.get_list("cache-control") == ["no-store"]


def test_a_receipt_is_kept_by_no_browser(server: Server) -> None:
    receipt = httpx.get(f"{server.url}/export/codes.csv?group=SMS").headers["x-receipt"]
    response = httpx.get(server.url + receipt)
    assert response.status_code == 200
    assert response.headers.get_list("cache-control") == ["no-store"]


def test_an_exception_that_nobody_caught_is_a_sentence_with_the_headers() -> None:
    def fails(_: Request) -> Response:
        raise RuntimeError("a text that is nobody's business")

    def framed(_: Request) -> Response:
        return PlainTextResponse("", headers={"X-Frame-Options": "ALLOWALL"})

    routes = [Route("/fails", fails), Route("/framed", framed)]
    with listening(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])) as url:
        failed, unframed = httpx.get(f"{url}/fails"), httpx.get(f"{url}/framed")
    assert (failed.status_code, failed.text) == (500, "This could not be done.")
    assert_secured(failed)
    assert_secured(unframed)


def test_no_host_may_frame_the_app_and_say_where_uploads_go(server: Server) -> None:
    config = httpx.get(f"{server.url}/_stcore/host-config").json()
    assert config["allowedOrigins"] == []
    assert config["enableCustomParentMessages"] is False
