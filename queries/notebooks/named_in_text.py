"""What the filters in a notebook's text name, for who may not read every name."""

from queries.notebooks.choice import Pairs, pairs_of
from queries.notebooks.document import Cell, read
from queries.notebooks.keys import keys_of


def filters_in(text: str) -> Pairs:
    """The parameters of all filters in a notebook: its own, those of cells and of controls."""
    document = read(text)
    pairs = pairs_of(document.filter)
    controls: dict[str, list[str]] = {}
    for cell in document.cells:
        pairs += _of_cell(cell, controls)
    return pairs


def _of_cell(cell: Cell, controls: dict[str, list[str]]) -> Pairs:
    """The parameters of one cell; notes the values of a control under its name."""
    keys = keys_of(cell)
    pairs = [pair for query in keys.texts_of("filter") for pair in pairs_of(query)]
    if cell.kind == "control":
        controls[cell.name] = keys.texts_of("value")
        return [*pairs, *((keys.text("of"), value) for value in keys.texts_of("value"))]
    for query in keys.texts_of("controls"):
        for name, control in pairs_of(query):
            pairs += [(name, value) for value in controls.get(control, [])]
    return pairs
