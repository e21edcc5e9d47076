"""What can be done with a cell: a menu."""

from collections.abc import Callable, Iterable, Sequence

from pages.cells.action_menu import action_menu
from pages.cells.opened import Opened
from pages.cells.results import Of, results
from pages.cells.sql_cells import has_sql
from pages.people.current import person
from queries.notebooks.as_sql import as_sql, why_not
from queries.notebooks.document import new_cell
from queries.notebooks.meaning import Meaning

EDIT, AGAIN, AS_SQL, UP, DOWN, COPY, REMOVE = (
    "Edit",
    "Run again",
    "Show as SQL",
    "Move up",
    "Move down",
    "Duplicate",
    "Remove",
)
HAVE_SQL = ("chart", "numbers", "pivot")


def cell_menu(
    known: Opened, meaning: Meaning | None, place: int, stale: Sequence[Meaning] = ()
) -> None:
    """Draw the menu of a cell; without a meaning it is a text.

    `stale` are the cells that it reads whose results are of other data: they run again with it.
    """
    name = meaning.name if meaning else "text"
    action_menu(
        "Cell",
        actions_of(known, meaning, place, stale),
        key=f"menu_{place}",
        explained=f"Edit, move or remove this cell ({name})",
    )


def actions_of(
    known: Opened, meaning: Meaning | None, place: int, stale: Sequence[Meaning] = ()
) -> dict[str, Callable[[], None]]:
    """What each entry of the menu does."""
    document = known.document
    actions: dict[str, Callable[[], None]] = {}
    if known.may_change:
        actions[EDIT] = lambda: _edit(known, place)
    if meaning and not meaning.control:
        actions[AGAIN] = lambda: run_again(known, [*stale, meaning])
    if not known.may_change:
        return actions
    if meaning and meaning.cell.kind in HAVE_SQL and has_sql():
        actions[AS_SQL] = lambda: _show_as_sql(known, meaning, place)
    if (above := _visible(known, range(place - 1, -1, -1))) is not None:
        actions[UP] = lambda: _move(known, place, above)
    if (below := _visible(known, range(place + 1, len(document.cells)))) is not None:
        actions[DOWN] = lambda: _move(known, place, below)
    actions[COPY] = lambda: _copy(known, place)
    actions[REMOVE] = lambda: known.remove(place)
    return actions


def run_again(known: Opened, meanings: Iterable[Meaning]) -> None:
    """Forget the results of cells, in a callback: the run after it asks again."""
    who = person()
    for meaning in meanings:
        results.forget(Of(who, known.name, meaning.name.casefold()))


def _edit(known: Opened, place: int) -> None:
    known.editing = None if known.editing == place else place


def _show_as_sql(known: Opened, meaning: Meaning, place: int) -> None:
    """Add an SQL cell below that shows the same, and edit it; or say why there is none."""
    body = as_sql(meaning)
    if body is None:
        known.notice = why_not(meaning)
        return
    name = known.document.free_name(f"{meaning.name}_sql")
    known.add(place + 1, new_cell("sql", name, body))


def _visible(known: Opened, places: Iterable[int]) -> int | None:
    """The first of these places that has more than blank lines."""
    cells = known.document.cells
    return next((place for place in places if cells[place].source.strip()), None)


def _move(known: Opened, place: int, to: int) -> None:
    known.editing = None
    known.change(known.document.swapped(place, to))


def _copy(known: Opened, place: int) -> None:
    document = known.document
    cell = document.cells[place]
    copy = cell if cell.is_text else cell.with_name(document.free_name(cell.name))
    known.editing = None
    known.change(document.inserted(place + 1, copy))
