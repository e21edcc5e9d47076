"""An unexpected exception of a route is a sentence; its message is neither sent nor logged."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.routes import checks, commands, downloads, lists, notebooks, tables, views
from pages.routes.all_routes import all_routes, catching
from tests.support.rows import SECRET


async def fail(_: Request) -> Response:
    raise ValueError(f"Could not convert '{SECRET}'")


async def refuse(_: Request) -> Response:
    raise HTTPException(405)


def response_of(route: Route) -> httpx.Response:
    """The response of an app with this route. Raises what the server would log."""

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=[route]))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(route.path)

    # A thread of its own: in this one the browser of other tests may have a loop running.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, get()).result()


def test_an_unforeseen_failure_is_a_sentence_with_the_number_of_its_entry_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        response = response_of(Route("/fail", catching(fail)))
    assert response.status_code == 500
    assert response.text.startswith(
        "This could not be done: the reason is not known; the log has it"
    )
    assert SECRET not in response.text
    (entry,) = caplog.records
    assert entry.exc_info
    assert entry.name == "data.store.reasons"
    assert SECRET not in entry.getMessage()


def test_an_http_exception_keeps_its_status() -> None:
    assert response_of(Route("/refuse", catching(refuse))).status_code == 405


def test_every_route_of_ours_catches_unexpected_exceptions() -> None:
    modules = (downloads, tables, checks, lists, notebooks, views, commands)
    ours = [route.endpoint for module in modules for route in module.ROUTES]
    wrapped = [
        route.endpoint.__wrapped__
        for route in all_routes()
        if isinstance(route, Route) and hasattr(route.endpoint, "__wrapped__")
    ]
    assert wrapped == ours
