"""The file by which views are taken along: a name, a page and the query of its address each."""

import json
from collections.abc import Iterable

from pages.people.view import Draft, View
from pages.people.views import MOST, NotSaved
from queries.fields import NO_TEXT

FORMAT = "voucher-explorer-views"
LONGEST = 1024 * 1024  # characters
WRONG = "This is no file of views: it is made by “Download my views”."


def as_file(views: Iterable[View]) -> bytes:
    """The views as a file."""
    listed = [Draft(view.name, view.page, view.query)._asdict() for view in views]
    return json.dumps({"format": FORMAT, "views": listed}, ensure_ascii=False, indent=1).encode()


def views_in(text: str) -> list[Draft]:
    """The views in the text of a file. Raises NotSaved."""
    if len(text) > LONGEST:
        raise NotSaved(WRONG)
    try:
        content = json.loads(text)
        if content["format"] != FORMAT or len(content["views"]) > MOST:
            raise NotSaved(WRONG)
        found = [Draft(**view) for view in content["views"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotSaved(WRONG) from None
    parts = [part for view in found for part in view]
    if not all(isinstance(part, str) and not NO_TEXT.search(part) for part in parts):
        raise NotSaved(WRONG)
    return found
