"""The parameters of an address of ours: the filters of a page, and a route's own."""

from collections.abc import Collection
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pages.people.current import person_of
from queries.filters import Filters


def parameters(
    request: Request, own: Collection[str]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The route's own parameters, each given once at most, and all others in their order.

    Raises HTTPException (400) with a sentence.
    """
    try:
        unquote_to_bytes(request.url.query).decode()
    except UnicodeDecodeError:
        raise HTTPException(400, "This address has bytes that are no text (UTF-8).") from None
    pairs = request.query_params.multi_items()
    values = {name: value for name, value in pairs if name in own}
    if len(values) < sum(name in own for name, _ in pairs):
        raise HTTPException(400, f"The parameter {' or '.join(own)} is given more than once.")
    return values, [pair for pair in pairs if pair[0] not in own]


def filters_of(request: Request, pairs: list[tuple[str, str]]) -> tuple[Filters, list[str]]:
    """The filters that parameters name, as far as the person may see, and the problems."""
    filters, problems = Filters.from_query(pairs)
    return replace(filters, access=person_of(request.scope).access), problems
