"""All routes of ours, under the app's base path; what they do not know is a 404 and a sentence."""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pages.routes import commands, downloads, tables
from pages.text.addresses import base_path

ROOMS = ("export", "control")  # the first parts of our paths


async def unknown(_: Request) -> Response:
    """Any other address under ours, by any method: Streamlit would show a page there."""
    return PlainTextResponse("There is nothing at this address.", 404)


def all_routes() -> list[BaseRoute]:
    """The routes, the most particular first."""
    base = base_path()
    # Not in a Mount: that would keep Streamlit's own routes from being found.
    known = [
        Route(base + route.path, route.endpoint, methods=list(route.methods or ()))
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
