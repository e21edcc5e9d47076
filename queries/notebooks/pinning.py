"""Pins to a notebook: a card, a row of tiles or a table becomes a cell at the notebook's end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from queries.comparison import COMPARE, Comparison
from queries.filters import Filters
from queries.notebooks.choice import Choice, Pairs, choice_of_notebook, differing, query_of
from queries.notebooks.document import Cell, Document, new_cell, text_cell
from queries.notebooks.yaml_texts import written

YES_NO = {True: "yes", False: "no"}


@dataclass(frozen=True)
class Pin:
    """What becomes a cell: its kind, the name it gets where that is free, and its keys.

    `query` is that of a chart. `values` are the query's parameters and the options of the cell, of
    which None says nothing. `filters` are those that it is of, where they are not those in force;
    `compares` says whether it shows what these are compared with, `is_a_list` that it is nothing
    without the list of codes among them.
    """

    kind: str
    wish: str
    query: str = ""
    title: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    filters: Filters | None = None
    compares: bool = False
    is_a_list: bool = False


def pinned(
    document: Document, pin: Pin, filters: Filters, compared: Comparison | None
) -> tuple[Document, str]:
    """The notebook with a further cell of these filters at its end, and the cell's name.

    A notebook without a cell and a filter takes over the filters, so that all cells can be
    filtered together later; in another one the cell carries what differs.
    """
    if not document.filter and all(cell.is_text for cell in document.cells):
        document = document.with_front("filter", query_of(_of_anybody(filters), None))
    name = document.free_name(pin.wish)
    own = _own(choice_of_notebook(document.filter), filters, compared)
    cell = new_cell(pin.kind, name, _body(pin, name, own))
    return _appended(document, cell), name


def text_of(value: object) -> str:
    """The value of a parameter as cells have it."""
    return YES_NO[value] if isinstance(value, bool) else str(value)


def without_lists(
    filters: Filters, compared: Comparison | None
) -> tuple[Filters, Comparison | None]:
    """The filters and what they are compared with, without a person's own lists of codes."""
    if compared:
        compared = Comparison(compared.way, compared.choice.with_("list", None))
    return filters.with_("list", None), compared


def has_list(filters: Filters, compared: Comparison | None) -> bool:
    """Whether a list of codes is in the filters, or in what they are compared with."""
    return bool(filters.list_ or (compared and compared.choice.list_))


def _of_anybody(filters: Filters) -> Filters:
    """The filters without a list of codes, which is of no use to others and gone one day."""
    others = filters.with_("list", None)
    return others if not filters.list_ or others.has_rest() else others.with_("rest", None)


def _own(notebook: Choice, filters: Filters, compared: Comparison | None) -> Pairs:
    """The parameters by which a choice differs from the notebook's."""
    pairs = differing(notebook.filters, filters)
    theirs, ours = (one.to_query() if one else [] for one in (notebook.comparison, compared))
    if theirs != ours:
        pairs += ours or [(COMPARE, "")]
    return pairs


def _body(pin: Pin, name: str, own: Sequence[tuple[str, str]]) -> str:
    keys = {
        "query": pin.query if pin.query != name else None,
        "title": pin.title or None,
        **pin.values,
        "filter": urlencode(own) or None,
    }
    return "".join(_line(key, value) for key, value in keys.items() if value not in (None, ""))


def _line(key: str, value: object) -> str:
    """A key with its value in YAML; a list has a line for each item."""
    if isinstance(value, list | tuple):
        return f"{key}:\n" + "".join(f"- {written(text_of(one))}\n" for one in value)
    return f"{key}: {written(text_of(value))}\n"


def _appended(document: Document, cell: Cell) -> Document:
    """The notebook with the cell at its end.

    Where the text there would swallow it, as one whose last fence was never closed, it stands
    before that text.
    """
    after = document
    for place in range(len(document.cells), -1, -1):
        after = document.inserted(place, cell)
        found = after.named(cell.name)
        if found and found.body == cell.body:
            break
    is_first = after.cells[0].name == cell.name
    return after.inserted(0, text_cell("\n")) if is_first and after.front else after
