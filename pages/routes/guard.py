"""The outermost middleware: nothing is answered before it knows who asks."""

from starlette.types import ASGIApp, Receive, Scope, Send

from pages.people.current import IN_SCOPE
from pages.people.person import THIS_COMPUTER


class Guard:
    """ASGI middleware that puts the person into the scope of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in."""
        await self._app({**scope, IN_SCOPE: THIS_COMPUTER}, receive, send)
