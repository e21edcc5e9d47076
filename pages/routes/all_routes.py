"""All routes of ours, under the app's base path; every other path there is a 404 and a sentence."""

import re
from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from data.store.reasons import why
from pages.routes import checks, commands, downloads, lists, notebooks, tables, views
from pages.text.addresses import base_path
from queries.engine.cluster.errors import ClusterError

OURS = ("export", "control")  # the first segments of our paths

Endpoint = Callable[[Request], Awaitable[Response]]


def is_ours(path: str) -> bool:
    """Whether a path is under our routes."""
    rest = path.removeprefix(base_path()).lstrip("/")
    return rest.partition("/")[0].lower() in OURS


async def unknown(_: Request) -> Response:
    """Respond to any other path under ours, by any method: Streamlit would show a page there."""
    return PlainTextResponse("There is nothing at this address.", 404)


def catching(endpoint: Endpoint) -> Endpoint:
    """The endpoint; an unexpected exception is a 500 and a sentence, and why() logs it.

    The server would log the message, and one of the engine's may quote a code.
    """

    @wraps(endpoint)
    async def respond(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException:
            raise
        except ClusterError as error:
            return PlainTextResponse(str(error), 503)
        except Exception as error:
            return PlainTextResponse(f"This could not be done: {why(error)}.", 500)

    return respond


def all_routes() -> list[BaseRoute]:
    """The routes, the most specific first."""
    base = base_path()
    modules = (downloads, tables, checks, lists, notebooks, views, commands)
    # Not in a Mount: that would keep Streamlit's own routes from being found.
    known = [
        Route(base + route.path, catching(route.endpoint), methods=list(route.methods or ()))
        for module in modules
        for route in module.ROUTES
    ]
    others = [f"{base}/{first}{rest}" for first in OURS for rest in ("", "/{rest:path}")]
    return [*known, *map(_in_any_case, others)]


def _in_any_case(path: str) -> Route:
    """A route to unknown(), for upper and lower case."""
    route = Route(path, unknown)
    route.methods = None  # any
    route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
    return route
