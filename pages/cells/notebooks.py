"""The notebooks of the app, with the filters that a text names."""

from collections.abc import Iterator

from pages.people.notebooks import notebooks_of_people
from queries.notebooks.choice import pairs_of
from queries.notebooks.controls import control_of
from queries.notebooks.document import read
from queries.notebooks.keys import keys_of


def filters_named(text: str) -> Iterator[tuple[str, str]]:
    """The parameters of all filters in a notebook's text, those of lists in controls too."""
    document = read(text)
    yield from pairs_of(document.filter)
    for cell in document.cells:
        keys = keys_of(cell)
        yield from pairs_of(keys.text("filter"))
        if cell.kind == "control":
            control = control_of(cell.name, keys)
            yield from ((control.of, value) for value in control.values if control.of)


notebooks = notebooks_of_people(filters_named)
