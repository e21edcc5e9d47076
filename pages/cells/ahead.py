"""Starts the queries of a notebook's next cells while one is drawn."""

from collections.abc import Mapping
from contextlib import ExitStack

from pages.answers.fetch import start
from pages.cells.charts import NoChart, chart_of, pivot_choice
from pages.cells.running import Running
from pages.frame.url_state import choosing, chosen
from pages.pivoting.panel import ON_PAGE, values_on_page
from queries.notebooks.meaning import Meaning

# As many as keep the engine busy while figures are made. More would run beside the query of the
# cell that is waited for, which then comes later.
AHEAD = 2


class Ahead:
    """The queries of cells that have no result yet, started a little before they are drawn."""

    def __init__(self, running: Running, started: ExitStack) -> None:
        """What still runs when the stack is closed is cancelled."""
        self._running = running
        self._started = started
        self._next = 0  # among the notebook's meanings, the first that is not started

    def start_after(self, meaning: Meaning) -> None:
        """Start the queries of those cells that come next. Call it before drawing one."""
        meanings = self._running.meanings
        first = meanings.index(meaning) + 1
        for one in meanings[max(first, self._next) : first + AHEAD]:
            self._start(one)
        self._next = first + AHEAD

    def _start(self, meaning: Meaning) -> None:
        if meaning.problems or self._running.brought(meaning):
            return
        with choosing(meaning.choice.filters, meaning.choice.comparison):
            for name, values in _queries(meaning):
                start(self._started, name, chosen(), tuple(values.items()))


def _queries(meaning: Meaning) -> list[tuple[str, Mapping[str, object]]]:
    """The queries that drawing a cell fetches first; none where drawing it says what is wrong."""
    try:
        if meaning.cell.kind == "chart":
            chart = chart_of(meaning)
            return [(chart.query, chart.values)]
        if meaning.cell.kind == "pivot":
            choice = pivot_choice(meaning)
            return [(ON_PAGE, values_on_page(choice)), (meaning.query, choice.values)]
    except NoChart:
        return []
    return [("numbers", {})] if meaning.cell.kind == "numbers" else []
