"""What a chart, a row of tiles or a pivot is in a notebook."""

from collections.abc import Mapping, Sequence

from pages.charts.chart import Chart
from queries.notebooks.pinning import Pin

NUMBERS = {"show": "numbers"}  # the tiles of a query that also has a chart


def pin_of_chart(chart: Chart) -> Pin:
    """The cell of a chart, which finds the same chart again."""
    values = {**chart.values, **chart.options}
    return Pin("chart", chart.key, chart.query, chart.title, values, compares=True)


def pin_of_tiles(labels: Sequence[str], *, every: bool, both: bool) -> Pin:
    """The cell of the main numbers, or of some of them; of two choices all are compared."""
    if both:
        return Pin("compare", "compare", compares=True)
    return Pin("numbers", "numbers", values={} if every else {"tiles": list(labels)})


def pin_of_numbers(query: str, title: str, values: Mapping[str, object] | None = None) -> Pin:
    """The cell of the tiles that are made of a query."""
    return Pin("chart", f"{query}_numbers", query, title, {**(values or {}), **NUMBERS})
