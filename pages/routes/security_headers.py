"""Adds the headers to every response that tell a browser what a page of the app may do.

A middleware around all others, so that their refusals carry the headers too.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.people import streamlit_auth
from pages.routes.all_routes import is_ours

SHELL = Path(streamlit.__file__).parent / "static" / "index.html"  # the HTML of every page
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)

YEAR = 365 * 24 * 3600  # seconds
STARTS = ("http.response.start", "websocket.http.response.start")
NEVER_USED = (  # what a browser offers to pages, and no page of ours asks for
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection"),
    *("local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb"),
    *("window-management", "xr-spatial-tracking"),
)


@cache
def content_security_policy() -> str:
    """From where a page may load what, and who may frame it: nobody."""
    return "; ".join(
        (
            "default-src 'none'",
            # Streamlit runs the script of a component (the date fields) from a blob:.
            f"script-src 'self' blob: {' '.join(_hashes_of_inline_scripts())}",
            # Streamlit and Plotly write their styles as they draw.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",  # the icon of the page, and those of Streamlit's elements
            "font-src 'self' data:",  # of Streamlit's smallest icons
            "connect-src 'self'",  # the WebSocket of the same host and port as well
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _hashes_of_inline_scripts() -> list[str]:
    """Streamlit's HTML has a script of one line in it: by its hash it is the only one to run."""
    scripts = INLINE.findall(SHELL.read_text("utf-8"))
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


@cache
def _headers() -> tuple[tuple[bytes, bytes], ...]:
    """The headers of every response."""
    permissions = ", ".join(f"{name}=()" for name in NEVER_USED)
    headers = {
        "content-security-policy": content_security_policy(),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",  # an address names groups, folders and prefixes
        "permissions-policy": permissions,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    if (streamlit_auth.origin() or "").startswith("https:"):
        headers["strict-transport-security"] = f"max-age={YEAR}; includeSubDomains"
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


class SecurityHeaders:
    """ASGI middleware that adds the headers, in place of others of the same names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the response, and to the one of an exception that nobody caught."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        started = False

        async def send_on(message: Message) -> None:
            nonlocal started
            if message["type"] in STARTS:
                started = True
                message = {**message, "headers": _with_ours(message, scope)}
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception:
            # Starlette's own response to it would have none of the headers.
            if scope["type"] == "http" and not started:
                sentence = PlainTextResponse("This could not be done.", 500)
                await sentence(scope, receive, send_on)
            raise


def _with_ours(message: Message, scope: Scope) -> list[tuple[bytes, bytes]]:
    """The headers of a response and ours; nothing under our routes is kept by a browser."""
    ours = dict(_headers())
    if is_ours(scope["path"]):
        ours[b"cache-control"] = b"no-store"
    given = [
        (name, value) for name, value in message.get("headers", ()) if name.lower() not in ours
    ]
    return [*given, *ours.items()]
