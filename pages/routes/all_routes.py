"""All routes of ours, under the app's base path; what they do not know is a 404 and a sentence."""

import re
from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from data.store.reasons import why
from pages.routes import commands, downloads, tables
from pages.text.addresses import base_path

ROOMS = ("export", "control")  # the first parts of our paths

Endpoint = Callable[[Request], Awaitable[Response]]


async def unknown(_: Request) -> Response:
    """Any other address under ours, by any method: Streamlit would show a page there."""
    return PlainTextResponse("There is nothing at this address.", 404)


def without_words(endpoint: Endpoint) -> Endpoint:
    """The endpoint; what it fails to foresee is a sentence, and in the log a type and frames.

    The server would log the exception's message, and the engine's may quote a code.
    """

    @wraps(endpoint)
    async def respond(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException:
            raise
        except Exception as error:
            return PlainTextResponse(f"This could not be done: {why(error)}.", 500)

    return respond


def all_routes() -> list[BaseRoute]:
    """The routes, the most particular first."""
    base = base_path()
    # Not in a Mount: that would keep Streamlit's own routes from being found.
    known = [
        Route(base + route.path, without_words(route.endpoint), methods=list(route.methods or ()))
        for route in [*downloads.ROUTES, *tables.ROUTES, *commands.ROUTES]
    ]
    rooms = [f"{base}/{room}{rest}" for room in ROOMS for rest in ("", "/{rest:path}")]
    return [*known, *map(_in_any_case, rooms)]


def _in_any_case(path: str) -> Route:
    """A route for what is unknown, however its letters are written."""
    route = Route(path, unknown)
    route.methods = None  # any
    route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
    return route
