"""Starts the queries of a notebook's next cells while one is drawn."""

from contextlib import ExitStack

from pages.answers.fetch import start
from pages.cells.charts import NoChart, chart_of, pivot_of
from pages.cells.running import Running
from pages.charts.chart import Chart
from pages.frame.url_state import choosing, chosen
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
            if chart := _chart(meaning):
                start(self._started, chart.query, chosen(), tuple(chart.values.items()))
            elif meaning.cell.kind == "numbers":
                start(self._started, "numbers", chosen(), ())


def _chart(meaning: Meaning) -> Chart | None:
    """The chart of a cell; None where it has none, and drawing it says why."""
    try:
        if meaning.cell.kind == "chart":
            return chart_of(meaning)
        return pivot_of(meaning) if meaning.cell.kind == "pivot" else None
    except NoChart:
        return None
