"""The file by which views are taken along: a name, a page and the query of its address each."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from pages.people.views import MOST, NotSaved, View

FORMAT = "voucher-explorer-views"
LONGEST = 1024 * 1024  # characters
WRONG = "This is no file of views: it is made by “Download my views”."


class FiledView(NamedTuple):
    """A view of a file."""

    name: str
    page: str
    query: str


def as_file(views: Iterable[View]) -> bytes:
    """The views as a file."""
    listed = [FiledView(view.name, view.page, view.query)._asdict() for view in views]
    return json.dumps({"format": FORMAT, "views": listed}, ensure_ascii=False, indent=1).encode()


def views_in(text: str) -> list[FiledView]:
    """The views in the text of a file. Raises NotSaved."""
    if len(text) > LONGEST:
        raise NotSaved(WRONG)
    try:
        content = json.loads(text)
        if content["format"] != FORMAT or len(content["views"]) > MOST:
            raise NotSaved(WRONG)
        found = [FiledView(**view) for view in content["views"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotSaved(WRONG) from None
    if not all(isinstance(part, str) for view in found for part in view):
        raise NotSaved(WRONG)
    return found
