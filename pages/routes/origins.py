"""Refuses what pages of other origins ask for, before Streamlit sees it.

A browser says in the headers of a request which page sent it. Another port of this computer is
another origin ("same-site"), another host name another site ("cross-site").
"""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from data.store.audit import NotRecorded
from pages.people import streamlit_auth
from pages.routes import audit_of_guard
from pages.routes.request_head import head_of

_log = logging.getLogger(__name__)

Origin = tuple[str, str, int]  # scheme, host, port

DEFAULT_PORTS = {"http": 80, "https": 443}
SCHEMES = {"ws": "http", "wss": "https"}  # the origin of a WebSocket is that of its page
SAFE_METHODS = ("GET", "HEAD")
OTHER_PAGES = ("cross-site", "same-site")  # values of Sec-Fetch-Site
HEALTH = "_stcore/health"  # for whatever watches over the app
# First segments under which there is no page to be seen: files, uploads and what writes.
NO_PAGES = ("export", "control", "_stcore", "media", "component", "app")

REFUSED = "A page of another address asked for this. Open it from Voucher Explorer."


def origin_of(text: str) -> Origin | None:
    """The origin that a header or a setting names; None: it is no origin."""
    try:
        parts = urlsplit(text)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    rest = (parts.username, parts.password, parts.path, parts.query, parts.fragment)
    return None if any(rest) or not parts.hostname else (parts.scheme, parts.hostname, port)


def own_origin(scope: Scope, configured: str | None) -> Origin | None:
    """The app's origin: the configured one, or the one at which this request reached it."""
    if configured is not None:
        return origin_of(configured)
    scheme = SCHEMES.get(scope["scheme"], scope["scheme"])
    return origin_of(f"{scheme}://{Headers(scope=scope).get('host', '')}")


def is_own(scope: Scope, configured: str | None) -> bool:
    """Whether a page of the app itself sent the request, by its Origin. False without one."""
    named = Headers(scope=scope).getlist("origin")
    own = own_origin(scope, configured)
    return len(named) == 1 and own is not None and origin_of(named[0]) == own


def is_allowed(scope: Scope, configured: str | None) -> bool:
    """Whether this request may go on."""
    if scope["type"] == "websocket":
        return is_own(scope, configured)
    path = head_of(scope).path.strip("/")
    if path == HEALTH:
        return True
    headers = Headers(scope=scope)
    if "origin" in headers and not is_own(scope, configured):
        return False
    if headers.get("sec-fetch-site") in OTHER_PAGES:
        return _opens_as_document(scope, headers) and (_is_page(path) or _is_click(headers))
    return True


def _opens_as_document(scope: Scope, headers: Headers) -> bool:
    """Whether the request opens an address in a tab, not in a frame and not for a script."""
    return (
        scope["method"] in SAFE_METHODS
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )


def _is_click(headers: Headers) -> bool:
    """Whether a person's own click or key opens the address."""
    return headers.get("sec-fetch-user") == "?1"


def _is_page(path: str) -> bool:
    """Whether a page or a step of the sign-in is there: a provider's redirect has no click."""
    is_logout = f"/{path.lower()}" == streamlit_auth.LOGOUT  # no page elsewhere signs a person out
    return path.partition("/")[0].lower() not in NO_PAGES and not is_logout


def none_configured() -> None:
    """No origin: the app is opened under any of this computer's names."""


class OwnOrigin:
    """ASGI middleware: 403 for requests and WebSockets of pages that are not the app's own.

    `configured` returns the one origin under which people open the app (https://example.com), or
    None: then it is the Host header's, whose names TrustedHostMiddleware restricts.
    """

    def __init__(
        self, app: ASGIApp, configured: Callable[[], str | None] = none_configured
    ) -> None:
        self._app = app
        self._configured = configured

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed."""
        if scope["type"] == "lifespan" or is_allowed(scope, self._configured()):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Before it is accepted: the server responds 403 to the handshake. Streamlit would ask
            # the internet for this computer's address, and everybody would wait for it.
            await _record(scope)
            await send({"type": "websocket.close"})
        else:
            await _record(scope)
            await PlainTextResponse(REFUSED, 403)(scope, receive, send)


async def _record(scope: Scope) -> None:
    """Record the refusal; where that cannot be done, the log of failures says so."""
    try:
        await audit_of_guard.refused(head_of(scope), 403)
    except NotRecorded as error:
        _log.warning("A refusal is not recorded: %s", error)
