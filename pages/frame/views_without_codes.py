"""Keeps codes out of the views that are saved, and out of those that a file brings."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from pages.frame.typed_codes import has_code
from pages.frame.view_state import FOR_ONE, PARAMETERS
from pages.people.view import Draft
from pages.people.views import NotSaved
from pages.people.views_file import views_in
from queries.comparison import COMPARING, Comparison
from queries.downloading.redaction import TYPED
from queries.filters import Filters

A_CODE = "This has a code in it, which no view keeps. Take it out first."


def refuse_codes(texts: Sequence[str]) -> None:
    """Raise NotSaved if a code is in one of the texts."""
    if has_code(texts):
        raise NotSaved(A_CODE)


def texts_of(
    filters: Filters, compared: Comparison | None, controls: Mapping[str, str]
) -> list[str]:
    """What of an address may be a code: the values that are neither days nor words of ours."""
    choices = [filters, *([compared.choice] if compared else [])]
    typed = [text for choice in choices for name in (*TYPED, "list") for text in choice.texts(name)]
    return [*typed, *controls.values()]


def drafts_in(text: str) -> list[Draft]:
    """The views of a file, as far as their addresses can be read. Raises NotSaved."""
    drafts, texts = [], []
    for draft in views_in(text):
        if draft.page not in PARAMETERS or draft.page in FOR_ONE:
            continue
        pairs = parse_qsl(draft.query)
        controls = {name: value for name, value in pairs if name in PARAMETERS[draft.page]}
        others = [pair for pair in pairs if pair[0] not in controls]
        filters, _ = Filters.from_query([pair for pair in others if pair[0] not in COMPARING])
        compared, _ = Comparison.from_query([pair for pair in others if pair[0] in COMPARING])
        comparing = compared.to_query() if compared else []
        query = urlencode([*filters.to_query(), *comparing, *controls.items()])
        drafts.append(draft._replace(query=query))
        texts += [draft.name, *texts_of(filters, compared, controls)]
    refuse_codes(texts)
    return drafts
