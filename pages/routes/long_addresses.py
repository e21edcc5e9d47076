"""Refuses addresses of pages with more parameters than Streamlit reads.

It would take such an address for one without any, and the page would show everything.
"""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.frame.url_state import MOST_VALUES
from pages.routes.all_routes import is_ours

READ_BY_STREAMLIT = 1000  # parameters


class LongAddresses:
    """ASGI middleware: 414 and a sentence for a page's address that cannot be read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no such address."""
        if scope["type"] == "http" and not is_ours(scope["path"]):
            count = scope["query_string"].count(b"&") + 1
            if count > READ_BY_STREAMLIT:
                sentence = (
                    f"This address chooses {count:,} values; a page can show {MOST_VALUES} at "
                    "most. Choose fewer, or download the rows: /export/ takes any number."
                )
                await PlainTextResponse(sentence, 414)(scope, receive, send)
                return
        await self._app(scope, receive, send)
