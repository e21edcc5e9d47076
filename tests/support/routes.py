"""The download routes served by this process, so that a test can replace parts of it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from data import owner
from data.store.database import Store
from pages.people.current import IN_SCOPE
from pages.people.person import THIS_COMPUTER, Person
from pages.routes import downloads, tables
from pages.routes.connections import LimitedProtocol
from pages.routes.turns import Turns


@contextmanager
def listening(app: Starlette) -> Iterator[str]:
    """A small app on a real port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", http=LimitedProtocol))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


class AsPerson:
    """ASGI middleware that lets everybody in as one person."""

    def __init__(self, app: ASGIApp, person: Person) -> None:
        self._app, self._person = app, person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, IN_SCOPE: self._person}, receive, send)


@contextmanager
def serving_routes(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    routes: Sequence[BaseRoute] = (*downloads.ROUTES, *tables.ROUTES),
    person: Person = THIS_COMPUTER,
) -> Iterator[str]:
    """The download routes in this process, so that a test can replace the disk."""
    path = store.path
    store.close()
    monkeypatch.setenv("VOUCHERS_STORE", str(path))
    monkeypatch.setattr(downloads, "TURNS", Turns(**downloads.LIMITS))
    try:
        everybody = [Middleware(AsPerson, person=person)]
        with listening(Starlette(routes=routes, middleware=everybody)) as url:
            yield url
    finally:
        owner.close()
