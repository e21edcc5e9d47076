"""What stands in a cell: the same cards, tiles and tables as on the pages, of the cell's choice."""

from collections.abc import Callable

from pages.cells.charts import NoChart, chart_of, pivot_choice, pivot_of
from pages.cells.compared import compared_table
from pages.cells.numbers_cells import labels_of, second_of_compared
from pages.charts.card import draw
from pages.charts.tiles import tiles
from pages.pivoting.panel import draw_pivot
from queries.notebooks.meaning import Meaning


def draw_body(meaning: Meaning) -> None:
    """Draw a cell of the choice in force. Raises NoChart, and what fetch() raises."""
    BODIES[meaning.cell.kind](meaning)


def title_of(meaning: Meaning) -> str:
    """What stands above a cell: its title, else that of its chart, else its name in words."""
    if title := meaning.keys.text("title"):
        return title
    try:
        if meaning.cell.kind == "chart":
            return chart_of(meaning).title
        if meaning.cell.kind == "pivot":
            return pivot_of(meaning).title
    except NoChart:
        pass  # drawing the cell says why
    return meaning.name_in_words


def _chart(meaning: Meaning) -> None:
    draw(chart_of(meaning))


def _numbers(meaning: Meaning) -> None:
    tiles(labels_of(meaning))


def _compare(meaning: Meaning) -> None:
    second = second_of_compared()
    tiles(labels_of(meaning))
    compared_table(second)


def _pivot(meaning: Meaning) -> None:
    draw_pivot(pivot_choice(meaning), pivot_of(meaning))


BODIES: dict[str, Callable[[Meaning], None]] = {
    "chart": _chart,
    "numbers": _numbers,
    "compare": _compare,
    "pivot": _pivot,
}
