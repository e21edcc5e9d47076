"""Measures a notebook of 20 charts: opened first and again, with another filter, and by hand."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple
from urllib.parse import urlencode

from data.store import names
from queries.filters import Filters
from queries.notebooks.choice import choice_of, merged
from tests.bench.choices import FOLDERS, GROUPS
from tests.bench.measuring import cpu_seconds, interleaved
from tests.bench.peers.statements import PageStatements, Statement
from tests.bench.report import Row, beside, times
from tests.bench.servers import visited
from tests.bench.views import Sides
from tests.support.server import Server
from tests.support.tab import Seconds, Tab

NAME = "Twenty charts"
WHAT = "A notebook of 20 charts"
FIRST_SCREEN = 3  # charts
WARMING_UP = 3.0  # seconds
PATIENCE = 30.0  # seconds for all runs of a side
# Each has more than one group: of one there is nothing to compare in some charts.
OWN = (*FOLDERS, *GROUPS[2:])


class OfChart(NamedTuple):
    """The keys of a cell, and the same result by hand."""

    keys: str
    by_hand: Callable[[PageStatements], Statement]


CHARTS = (
    OfChart("over_time\ngrain: week", lambda of: of.chart("over_time", period="week")),
    OfChart("over_time\ngrain: day", lambda of: of.chart("over_time", period="day")),
    OfChart("uptake_by_group", lambda of: of.chart("uptake_by_group")),
    OfChart("by_site", lambda of: of.chart("by_site")),
    OfChart("weekday_hour", lambda of: of.chart("weekday_hour")),
    OfChart("status", lambda of: of.chart("status")),
    OfChart("cancellations_by_site", lambda of: of.chart("cancellations", by="site")),
    OfChart("cancellations_by_group", lambda of: of.chart("cancellations", by="group")),
    OfChart(
        "over_time_split\nby: group\ngrain: week",
        lambda of: of.chart("over_time_split", period="week", by="group"),
    ),
    OfChart(
        "over_time_split\nby: group\ngrain: day",
        lambda of: of.chart("over_time_split", period="day", by="group"),
    ),
)
BOTH = [(chart, own) for chart, of_cell in zip(CHARTS, OWN, strict=True)
        for own in (Filters(), of_cell)]  # fmt: skip


class Opening(NamedTuple):
    """How long the first screen and the whole page took, the server's CPU, and what it sent."""

    first: float
    whole: float
    cpu: float
    sent: bytes


def notebooks(sides: Sides) -> list[Row]:
    """Two rows per way of opening it: its first screen, and all of it."""
    return [*_first_page(sides), *_opened(sides), *_again(sides), *_other_filter(sides)]


def _first_page(sides: Sides) -> list[Row]:
    """The first page of a process, which has imported its libraries by then: nothing is cached."""
    taken: list[Opening] = []
    with tempfile.TemporaryDirectory() as name:
        store = Path(copyfile(sides.ours.store, Path(name) / "vouchers.duckdb"))

        def start() -> float:
            with visited(str(store)) as server:
                time.sleep(WARMING_UP)
                taken.append(_open(server, Filters()))
            return taken[-1].whole

        interleaved(start)
    return _rows(f"{WHAT}, the first page after a start", taken)


def _opened(sides: Sides) -> list[Row]:
    """As of a day that was not asked before, so that no result is there; and by hand."""
    taken: list[Opening] = []
    shown: list[Filters] = []

    def ours() -> float:
        shown.append(Filters(asof=next(sides.days)))
        taken.append(_open(sides.ours, shown[-1]))
        return taken[-1].whole

    _, by_hand = interleaved(ours, _by_hand(sides, shown, taken), longest=PATIENCE)
    return _rows(f"{WHAT}, as of another day", taken, by_hand)


def _again(sides: Sides) -> list[Row]:
    """What somebody has seen before, in a new tab."""
    chosen = Filters(asof=next(sides.days))
    _open(sides.ours, chosen)
    taken: list[Opening] = []

    def ours() -> float:
        taken.append(_open(sides.ours, chosen))
        return taken[-1].whole

    interleaved(ours)
    return _rows(f"{WHAT}, seen before", taken)


def _other_filter(sides: Sides) -> list[Row]:
    """Another group in an open tab, whose notebook somebody has given that filter."""
    chosen = Filters(asof=next(sides.days))
    taken: list[Opening] = []
    shown: list[Filters] = []
    choices = cycle(GROUPS[1:])
    _write(sides.ours, chosen)
    with _tab(sides.ours) as tab:
        _look(sides.ours, tab, chosen)

        def ours() -> float:
            shown.append(next(choices).with_("asof", chosen.asof))
            _write(sides.ours, shown[-1])  # an address does not change the filter of a notebook
            taken.append(_look(sides.ours, tab, shown[-1]))
            return taken[-1].whole

        _, by_hand = interleaved(ours, _by_hand(sides, shown, taken), longest=PATIENCE)
    return _rows(f"{WHAT}, another group", taken, by_hand)


def _rows(what: str, taken: Sequence[Opening], by_hand: Sequence[float] = ()) -> list[Row]:
    cpu = statistics.median(opening.cpu for opening in taken)
    first = times([opening.first for opening in taken])
    whole = [opening.whole for opening in taken]
    return [
        Row(f"{what}, first screen", first),
        Row(f"{what} ({cpu:.1f} s of CPU)", times(whole), duckdb=beside(whole, by_hand)),
    ]


def _open(server: Server, chosen: Filters) -> Opening:
    """Open the notebook with a filter of its own in a new tab; every chart is drawn, once."""
    _write(server, chosen)
    with _tab(server) as tab:
        opening = _look(server, tab, chosen)
        assert len(_charts(tab)) == len(BOTH)
    return opening


def _look(server: Server, tab: Tab, chosen: Filters) -> Opening:
    before, sent_before = cpu_seconds(server.process.pid), len(tab.sent)
    whole = tab.open_at(urlencode([("name", NAME), *chosen.to_query()]))
    first = _charts(tab)[FIRST_SCREEN - 1]
    cpu = cpu_seconds(server.process.pid) - before
    return Opening(first, whole, cpu, tab.sent[sent_before:])


def _tab(server: Server) -> Tab:
    return Tab(server.url, "notebook")


def _charts(tab: Tab) -> list[float]:
    """After how many seconds each chart had come."""
    return [after for kind, after in tab.arrived if kind == "plotly_chart"]


def _write(server: Server, chosen: Filters) -> None:
    folder = names.beside(server.store, ".notebooks")
    folder.mkdir(exist_ok=True)
    (folder / f"{NAME}.md").write_text(_text(chosen), "utf-8")


def _text(chosen: Filters) -> str:
    head = f"---\ntitle: {NAME}\nfilter: {urlencode(chosen.to_query())}\n---\n"
    return head + "\n".join(
        f"```chart c{number}\nquery: {chart.keys}\nfilter: {urlencode(own.to_query())}\n```\n"
        for number, (chart, own) in enumerate(BOTH)
    )


def _by_hand(sides: Sides, shown: Sequence[Filters], taken: Sequence[Opening]) -> Seconds:
    """The same results as the page that was shown last, over the raw tables."""

    def by_hand() -> float:
        statements = list(_statements(sides, shown[-1]))
        seconds, results = sides.duckdb.run(statements)
        for statement, rows in zip(statements, results, strict=True):
            if statement.name == "over_time":  # the charts that say their total
                total = f"{sum(net for _, net, _ in rows):,} net redemptions"
                assert total.encode() in taken[-1].sent, total
        return seconds

    return by_hand


def _statements(sides: Sides, chosen: Filters) -> Iterator[Statement]:
    for chart, own in BOTH:
        of_cell = choice_of(merged(chosen.to_query(), own.to_query())).filters
        yield chart.by_hand(PageStatements(sides.duckdb.dialect, of_cell))
