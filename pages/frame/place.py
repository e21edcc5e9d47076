"""Where on a page a chart or a row of tiles stands: keys of widgets and other filters there."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_place: ContextVar[str] = ContextVar("place", default="")


@contextmanager
def placed(cell: str) -> Iterator[None]:
    """Draw the block as a notebook's cell of that name: its widgets have keys of their own."""
    token = _place.set(cell)
    try:
        yield
    finally:
        _place.reset(token)


def keyed(key: str) -> str:
    """The key of a widget where it is drawn: in a cell with the cell's name at its end."""
    cell = _place.get()
    return f"{key}_of_{cell}" if cell else key


def in_cell() -> bool:
    """Whether a notebook's cell is drawn."""
    return bool(_place.get())
