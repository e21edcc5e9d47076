"""The download routes served by this process, so that a test can replace parts of it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from data import owner
from data.store.database import Store
from pages.routes import downloads
from pages.routes.connections import LimitedProtocol
from pages.routes.guard import Guard
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
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@contextmanager
def serving_routes(
    store: Store, monkeypatch: pytest.MonkeyPatch, routes: Sequence[Route] = downloads.ROUTES
) -> Iterator[str]:
    """The download routes in this process, so that a test can replace the disk."""
    path = store.path
    store.close()
    monkeypatch.setenv("VOUCHERS_STORE", str(path))
    monkeypatch.setattr(downloads, "TURNS", Turns(**downloads.LIMITS))
    try:
        with listening(Starlette(routes=routes, middleware=[Middleware(Guard)])) as url:
            yield url
    finally:
        owner.close()
