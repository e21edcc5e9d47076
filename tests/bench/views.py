"""Measures pages, and the same results from the peers."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from itertools import cycle

from data.store.database import Store
from queries.engine.paging import PAGE
from queries.engine.totals import run
from queries.filters import Filters
from tests.bench.choices import (
    BATCHES_CHOSEN,
    FOLDERS,
    GROUPS,
    PERIODS,
    PILOT_BATCHES,
    PILOT_GROUPS,
    PREFIXES,
    SITES,
)
from tests.bench.measuring import held, held_by_group, interleaved
from tests.bench.page_queries import BATCHES, BY_HAND, CODES, OVERVIEW, TRANSACTIONS, Page
from tests.bench.peers.dashboards import Dashboard
from tests.bench.peers.engines import Engine
from tests.bench.peers.pandas_analyses import Tables
from tests.bench.peers.statements import DUCKDB, PageStatements, Statement, text, tiles_of
from tests.bench.report import Row, compared, megabytes
from tests.support.server import Server
from tests.support.tab import Seconds, Tab, stopwatch

DEEP_PAGE = 2001
# SQLite needs up to minutes for a page: it runs a few.
CHOICES_FOR_ALL = {
    "another group": GROUPS,
    "another batch": BATCHES_CHOSEN,
}
CHOICES_WITHOUT_SQLITE = {
    "the group of another pilot": PILOT_GROUPS,
    "the batch of another pilot": PILOT_BATCHES,
    "another folder": FOLDERS,
    "another prefix": PREFIXES,
    "another month": PERIODS,
    "another site": SITES,
}
PATIENCE_WITH_PEERS = 15.0  # seconds for all runs of a page; the slowest gets fewer then
CODE_COLUMNS = {
    "Code": "code",
    "Group": "group_name",
    "Status": "status",
    "Times used": "scans",
    "First redemption": "first_redeemed",
    "Start": "start_date",
    "Expiry": "expiry_date",
    "Folder": "folder",
    "Batch": "batch",
}


@dataclass(frozen=True)
class Sides:
    """The running app, a copy of its store that only this process has open, and the peers."""

    ours: Server
    direct: Store
    duckdb: Engine
    days: Iterator[date]  # of status, each a new one
    pandas: Server | None = None
    sqlite: Engine | None = None
    tables: Tables | None = None  # in this process
    dashboards: Mapping[str, Dashboard] = field(default_factory=dict)  # by their columns


def pages(sides: Sides) -> list[Row]:
    """From the request to the finished page, and the peers' same results."""
    every = Filters()
    in_duckdb = {name: d for name, d in sides.dashboards.items() if d.dialect is DUCKDB}
    without_sqlite = replace(sides, sqlite=None, dashboards=in_duckdb)
    return [
        changed_view(sides, "Overview, as of another day", OVERVIEW, other_days(sides, every)),
        same_view(sides),
        *(
            changed_view(sides, f"Overview, {what}", OVERVIEW, cycle(choices))
            for what, choices in CHOICES_FOR_ALL.items()
        ),
        *(
            changed_view(without_sqlite, f"Overview, {what}", OVERVIEW, cycle(choices))
            for what, choices in CHOICES_WITHOUT_SQLITE.items()
        ),
        *(
            changed_view(
                without_sqlite, f"{what}, as of another day", page, other_days(sides, chosen)
            )
            for what, page, chosen in (
                ("Overview, a group", OVERVIEW, GROUPS[0]),
                ("Overview, a batch", OVERVIEW, BATCHES_CHOSEN[0]),
                ("Batches", BATCHES, every),
                ("Codes", CODES, every),
                ("Transactions", TRANSACTIONS, every),
            )
        ),
    ]


def other_days(sides: Sides, chosen: Filters) -> Iterator[Filters]:
    return (chosen.with_("asof", day) for day in sides.days)


def changed_view(sides: Sides, what: str, page: Page, choices: Iterator[Filters]) -> Row:
    """A page in an open tab whose filters change."""
    shown = [next(choices)]
    with ExitStack() as tabs:
        tab = tabs.enter_context(Tab(sides.ours.url, page.path))
        tab.look(shown[0])

        def ours() -> float:
            shown.append(next(choices))
            return tab.look(shown[-1])

        def by_hand(engine: Engine | Dashboard) -> Seconds:
            return lambda: run_by_hand(engine, page, shown[-1], tab)

        peers: dict[str, Seconds] = {"queries": lambda: run_directly(sides, page, shown[-1])}
        if page.path in BY_HAND:
            peers |= {name: by_hand(engine) for name, engine in sides.dashboards.items()}
            peers["duckdb"] = by_hand(sides.duckdb)
        if sides.pandas and page is OVERVIEW:
            other = tabs.enter_context(Tab(sides.pandas.url))
            other.look(shown[0])
            peers["pandas"] = lambda: run_by_pandas(other, shown[-1], tab)
        if sqlite := sides.sqlite:
            peers["sqlite"] = by_hand(sqlite)
        taken = interleaved(ours, *peers.values(), longest=PATIENCE_WITH_PEERS)
    return compared(what, taken[0], **dict(zip(peers, taken[1:], strict=True)))


def same_view(sides: Sides) -> Row:
    """The Overview in a new tab, seen by somebody before."""
    chosen = Filters(asof=next(sides.days))
    servers = {"ours": sides.ours} | ({"pandas": sides.pandas} if sides.pandas else {})
    looks: dict[str, Seconds] = {
        name: partial(seen, server, chosen) for name, server in servers.items()
    }
    for name, dashboard in sides.dashboards.items():
        statements = list(PageStatements(dashboard.dialect, chosen).overview())
        looks[name] = partial(seen_on_dashboard, dashboard, statements)
    for look in looks.values():
        look()
    taken = interleaved(*looks.values(), longest=PATIENCE_WITH_PEERS)
    found = dict(zip(looks, taken, strict=True))
    return compared("Overview, the same view in another tab", found.pop("ours"), **found)


def seen_on_dashboard(dashboard: Dashboard, statements: list[Statement]) -> float:
    """The seconds of a page's results, repeated from its cache where it has one."""
    return dashboard.run(statements, from_cache=True)[0]


def seen(server: Server, chosen: Filters) -> float:
    """The seconds of a look in a new tab."""
    with Tab(server.url) as tab:
        return tab.look(chosen)


def lookups(sides: Sides) -> list[Row]:
    """One code found by its whole text, on the Codes page."""
    by_hand = PageStatements(sides.duckdb.dialect, Filters())
    _, [found] = sides.duckdb.run([Statement("some_codes", text("some_codes"), {})])
    codes = [row[0] for row in found]
    turns = {side: cycle(codes[1:]) for side in ("ours", "duckdb", "sqlite")}
    peers = {"duckdb": lambda: seconds_of(sides.duckdb, by_hand.codes_with(next(turns["duckdb"])))}
    if sqlite := sides.sqlite:
        peers["sqlite"] = lambda: seconds_of(sqlite, by_hand.codes_with(next(turns["sqlite"])))
    with Tab(sides.ours.url, "codes") as tab:
        tab.look(Filters())
        tab.set(code_search=codes[0])
        ours, *taken = interleaved(
            lambda: tab.set(code_search=next(turns["ours"])), *peers.values()
        )
    return [compared("One code looked up", ours, **dict(zip(peers, taken, strict=True)))]


def sorts(sides: Sides) -> list[Row]:
    """The rows of the Codes page by each column, both ways, page after page."""
    with Tab(sides.ours.url, "codes") as tab:
        tab.look(Filters())
        pages = -(-int(tab.tiles["Codes issued"].replace(",", "")) // PAGE)
        rows = [sorted_rows(sides, tab, "first page", 1)]
        deep = min(DEEP_PAGE, pages)
        for what, page in ((f"page {deep:,}", deep), ("last page", pages)):
            rows.append(sorted_rows(sides, tab, what, page, with_peer=False))
        rows.append(sorted_rows(sides, tab, "a page in the middle", pages // 2, with_peer=False))
    return rows


def sorted_rows(sides: Sides, tab: Tab, what: str, page: int, with_peer: bool = True) -> Row:
    ours, peer = [], []
    by_hand = PageStatements(sides.duckdb.dialect, Filters())
    for label, column in CODE_COLUMNS.items():
        for descending in (False, True):
            seconds = tab.set(codes_sort=label, codes_descending=descending)
            ours.append(tab.set(codes_page=page) if page > 1 else seconds)
            if with_peer:
                order = f"{column} {'desc' if descending else 'asc'}"
                peer.append(seconds_of(sides.duckdb, by_hand.codes_rows(order, PAGE * (page - 1))))
    peers = {"duckdb": peer} if with_peer else {}
    return compared(f"Codes, sorted by each column both ways, {what}", ours, **peers)


def footprints(sides: Sides) -> list[Row]:
    """What each process holds after all these pages, and held at most."""
    processes = {"ours": sides.ours.process, "duckdb": sides.duckdb.process}
    if sides.pandas:
        processes["pandas"] = sides.pandas.process
    if sides.sqlite:
        processes["sqlite"] = sides.sqlite.process
    groups = {name: dashboard.group for name, dashboard in sides.dashboards.items()}
    return [
        Row(
            what,
            **{name: megabytes(held(p.pid, kind)) for name, p in processes.items()},
            **{name: megabytes(held_by_group(g, kind)) for name, g in groups.items()},
        )
        for what, kind in (("Memory after these pages", "VmRSS"), ("Peak memory", "VmHWM"))
    ]


def run_directly(sides: Sides, page: Page, filters: Filters) -> float:
    """The app's own queries for a page, one after the other, run in DuckDB directly."""
    now = datetime.now()
    with stopwatch() as elapsed:
        for name, chosen, values in page.queries(filters):
            with sides.direct.cursor() as cursor:
                run(cursor, name, chosen, now, **values)
        return elapsed()


def seconds_of(engine: Engine, statements: Iterable[Statement]) -> float:
    return engine.run(statements)[0]


def run_by_hand(engine: Engine | Dashboard, page: Page, filters: Filters, ours: Tab) -> float:
    """A page's results by plain SQL over the raw tables."""
    statements = list(BY_HAND[page.path](PageStatements(engine.dialect, filters)))
    seconds, rows = engine.run(statements)
    assert_agreement(tiles_of(statements, rows), ours.tiles)
    return seconds


def run_by_pandas(theirs: Tab, filters: Filters, ours: Tab) -> float:
    seconds = theirs.look(filters)
    assert_agreement(theirs.tiles, ours.tiles)
    return seconds


def assert_agreement(theirs: dict[str, str], ours: dict[str, str]) -> None:
    """Those tiles that both show say the same, or different work would be compared."""
    both = theirs.keys() & ours.keys()
    assert both
    assert {label: theirs[label] for label in both} == {label: ours[label] for label in both}
