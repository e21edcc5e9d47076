"""Which queries a notebook's cell may not run: those that look up a code."""

from collections.abc import Iterable

from queries.engine.texts import parameters

# Parameters that name a code: the pages that take one write down who looked it up.
OF_CODES = frozenset({"code", "search", "texts", "starts", "short", "points"})
NAMES_A_CODE = "A notebook looks up no code: the page Codes does, and records who did."


def why_not_offered(query: str, given: Iterable[str]) -> str:
    """Why a cell may not run a query with these parameters, as a sentence; empty where it may."""
    return NAMES_A_CODE if OF_CODES & set(given) or "code" in parameters(query) else ""
