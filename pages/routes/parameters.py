"""The parameters of an address of ours: the filters of a page, and a route's own."""

from collections.abc import Collection
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.requests import Request

from data.store.errors import StoreUnavailable
from pages.people.current import person_of
from pages.people.own_list import ready_to_run
from queries.filters import Filters

NO_SUCH_LIST = "The list in this address is not known here any more: check it again."


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
    """The filters that parameters name, as far as the person may see, and the problems.

    A list that the person does not have is a problem: in the file nothing would say so. Raises
    HTTPException (503) where the list cannot be put into the store.
    """
    somebody = person_of(request.scope)
    filters, problems = Filters.from_query(pairs)
    try:
        filters = ready_to_run(replace(filters, access=somebody.access), somebody)
    except StoreUnavailable as error:
        raise HTTPException(503, str(error)) from None
    return filters, problems + ([NO_SUCH_LIST] if filters.list_ and not filters.listed else [])
