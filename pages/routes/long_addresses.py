"""Refuses addresses that are too long to be read.

Streamlit would take a page's address with too many parameters for one without any, and the page
would show everything.
"""

from urllib.parse import unquote_to_bytes

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.frame.url_state import MOST_VALUES
from pages.routes.all_routes import is_ours

READ_BY_STREAMLIT = 1000  # parameters
LONGEST_QUERY = 64 * 1024  # bytes of all texts in an address of ours


class LongAddresses:
    """ASGI middleware: 414 and a sentence for an address that cannot be read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no such address."""
        if scope["type"] == "http" and (sentence := _problem(scope)):
            await PlainTextResponse(sentence, 414)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _problem(scope: Scope) -> str:
    """Why an address is too long; nothing if it is not."""
    if is_ours(scope["path"]):
        size = len(unquote_to_bytes(scope["query_string"]))
        if size <= LONGEST_QUERY:
            return ""
        return (
            f"This address holds {size:,} bytes of filters; a download takes "
            f"{LONGEST_QUERY:,} at most. Choose fewer values, or download in parts."
        )
    count = scope["query_string"].count(b"&") + 1
    if count <= READ_BY_STREAMLIT:
        return ""
    return (
        f"This address chooses {count:,} values; a page can show {MOST_VALUES} at "
        "most. Choose fewer, or download the rows: /export/ takes many more."
    )
