"""How fast is it? `python -m tests.bench 1M`, or `make bench SCALE=1M`. For Linux.

Each measure runs in turn with its peers (ours, peer, peer, ours, …), so that whatever else
the machine does meets all of them, and the medians are set against each other. What the
peers are, docs/bench.md says. Their tiles are compared with ours: nobody gets away with
less work.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import count, cycle
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

import duckdb
import httpx

from data.importing.pipeline import load
from data.importing.stage import file_columns
from data.store.database import Store
from data.store.sql import run_script
from queries.filters import Filters
from queries.engine.paging import PAGE
from queries.engine.totals import run
from tests.bench_data import (
    BATCHES_CHOSEN,
    FOLDERS,
    GROUPS,
    PERIODS,
    PILOT_BATCHES,
    PILOT_GROUPS,
    PREFIXES,
    SCALES,
    SITES,
    STATUS_DAY,
    Files,
    add_pilots,
    files,
    say_scope,
)
from tests.bench_report import REPORT, Row, compared, megabytes, save, section, speed, spread, times
from tests.conftest import ROOT, Server, serving
from tests.measuring import (
    GIVE_UP,
    Seconds,
    Tab,
    forget_peak,
    held,
    interleaved,
    memory,
    stopwatch,
)
from tests.peers.answers import Asking, Question, text, tiles_of
from tests.peers.copies import kept_copies, raw_tables
from tests.peers.engines import Engine

WITH_ALL_PEERS = 10**7  # codes
DEEP_PAGE = 2001
WITHOUT_PEERS = """
Beyond ten million codes the peers with pandas and with SQLite are not asked: the one does not
fit the memory, and the other takes minutes for a page.
"""
# SQLite needs up to minutes for a page: it is asked for a few.
ASKED_OF_ALL = {
    "another group": GROUPS,
    "another batch": BATCHES_CHOSEN,
}
ASKED_OF_MOST = {
    "the group of another pilot": PILOT_GROUPS,
    "the batch of another pilot": PILOT_BATCHES,
    "another folder": FOLDERS,
    "another prefix": PREFIXES,
    "another month": PERIODS,
    "another site": SITES,
}
PATIENCE_WITH_PEERS = 15.0  # seconds for all runs of a page; the slowest gets fewer then
PATIENCE_WITH_FILES = 40.0  # the same for imports and downloads of everything
CODE_COLUMNS = {
    "Code": "code",
    "Group": "group_name",
    "Status": "status",
    "Scans": "scans",
    "First redemption": "first_redeemed",
    "Start": "start_date",
    "Expiry": "expiry_date",
    "Folder": "folder",
    "Batch": "batch",
}

Query = tuple[str, Filters, dict[str, object]]


@dataclass(frozen=True)
class Sides:
    """The running app, a copy of its store that only this process has open, and the peers."""

    ours: Server
    direct: Store
    duckdb: Engine
    days: Iterator[date]  # of status, each a new one
    pandas: Server | None = None
    sqlite: Engine | None = None


# --- what a page asks -------------------------------------------------------------------------
# The fetch(…) calls of each page, as its script makes them from top to bottom. A call that
# a page gains or loses has to be gained or lost here.


def sidebar(chosen: Filters) -> Iterator[Query]:
    """Of pages/parts/filters.py and frame.py, on every page."""
    for kind, names in (
        ("codes", ("folder", "group", "prefix", "batch", "type", "item")),
        ("transactions", ("campaign", "site")),
    ):
        for name in names:
            if chosen.texts(name):
                others = chosen.with_(name, None)
                yield f"options_of_{kind}", others, {"field": name, "search": None}
        yield f"facets_of_{kind}", chosen, {}
    yield "held", Filters(), {}


def tile_row(chosen: Filters) -> Iterator[Query]:
    """Of pages/parts/tiles.py."""
    yield "numbers", chosen, {}
    if before := chosen.previous(date.today()):
        yield "numbers", before, {}
    yield "trend", chosen, {}


def over_time(chosen: Filters) -> Iterator[Query]:
    """Of pages/parts/grain.py and the chart: days where the choice is short, weeks of a year."""
    is_short = chosen.folder or chosen.prefix or chosen.batch or chosen.from_
    yield "over_time", chosen, {"grain": "day" if is_short else "week"}


def overview(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield from tile_row(chosen)
    yield "uptake_by_group", chosen, {}
    yield from over_time(chosen)
    for name in ("by_site", "weekday_hour", "status"):
        yield name, chosen, {}


def codes(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield from tile_row(chosen)
    for name in ("export_codes_rows", "status"):
        yield name, chosen, {}
    yield "codes_found", chosen, {"search": None, "whole": False}
    first_rows = {
        "sort": "start_date",
        "descending": True,
        "search": None,
        "whole": False,
        "offset": 0,
        "of": PAGE,
    }
    yield "codes_rows", chosen, first_rows


def transactions(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield from tile_row(chosen)
    yield "export_transactions_rows", chosen, {}
    yield from over_time(chosen)
    for name in ("site", "group", "campaign"):
        yield f"cancellations_by_{name}", chosen, {}
    yield "transactions_rows", chosen, {"sort": "time", "descending": True, "offset": 0, "of": PAGE}


class Page(NamedTuple):
    path: str
    queries: Callable[[Filters], Iterator[Query]]


OVERVIEW, CODES, TRANSACTIONS = (
    Page("", overview),
    Page("codes", codes),
    Page("transactions", transactions),
)
# What each page asks of the raw tables, by hand.
ASKED: dict[str, Callable[[Asking], Iterator[Question]]] = {
    "": Asking.overview,
    "codes": Asking.codes,
    "transactions": Asking.transactions,
}


# --- the measures -----------------------------------------------------------------------------


def imports(data: Files, store: Path) -> list[Row]:
    """Import into an empty store, and into a full one. Leaves the full one behind."""
    peaks = [peak_of_import(store, file) for file in (data.codes, data.transactions)]
    with opened(store) as full:
        say_scope(full, data.batches)
    first, *others = data.changed
    peaks.append(peak_of_import(store, first))
    ours, peer = interleaved(
        lambda: import_into_empty(store.parent, data.codes),
        lambda: staging(data.codes),
        longest=PATIENCE_WITH_FILES,
    )
    rows = [compared("Import of all codes into an empty store", ours, duckdb=peer)]
    turns, turns_of_peer = cycle(others), cycle(others)
    with opened(store) as full:
        ours, peer = interleaved(
            lambda: import_of_changed(full, next(turns)), lambda: staging(next(turns_of_peer))
        )
        add_pilots(full, store.parent)
    rows.append(compared("Import of 2.5% of the codes, all changed", ours, duckdb=peer))
    return [
        *rows,
        Row("Peak memory while importing all codes", megabytes(peaks[0])),
        Row("Peak memory while importing all transactions", megabytes(peaks[1])),
        Row("Peak memory while importing the changed codes", megabytes(peaks[2])),
    ]


def starts(store: Path, parquet: Path | None) -> list[Row]:
    """From the start of the process to its first answer, and to the first page."""
    ours: list[tuple[float, float]] = []
    pandas: list[tuple[float, float]] = []
    of_sample: list[tuple[float, float]] = []

    def start(taken: list[tuple[float, float]], **how: str) -> float:
        with stopwatch() as elapsed, visited(**how) as app, Tab(app.url) as tab:
            answers = elapsed()
            tab.look(Filters())
            taken.append((answers, elapsed()))
        return taken[-1][1]

    def first_start() -> float:
        with tempfile.TemporaryDirectory(dir=store.parent) as empty:
            return start(of_sample, store=str(Path(empty) / "vouchers.duckdb"), sample="1")

    sides = [lambda: start(ours, store=str(store)), first_start]
    if parquet:
        sides.append(lambda: start(pandas, store=str(store), parquet=str(parquet)))
    interleaved(*sides)
    return [
        compared(f"Start, until {what}", [t[n] for t in ours], pandas=[t[n] for t in pandas])
        for n, what in enumerate(("the app answers", "the first page is there"))
    ] + [Row("First start, until the first page of the sample", times([t[1] for t in of_sample]))]


def pages(sides: Sides) -> list[Row]:
    """From the request to the finished page, and the peers' same answers."""
    every = Filters()
    without_sqlite = replace(sides, sqlite=None)
    return [
        changed_view(sides, "Overview, as of another day", OVERVIEW, other_days(sides, every)),
        same_view(sides),
        *(
            changed_view(sides, f"Overview, {what}", OVERVIEW, cycle(choices))
            for what, choices in ASKED_OF_ALL.items()
        ),
        *(
            changed_view(without_sqlite, f"Overview, {what}", OVERVIEW, cycle(choices))
            for what, choices in ASKED_OF_MOST.items()
        ),
        *(
            changed_view(
                without_sqlite, f"{what}, as of another day", page, other_days(sides, chosen)
            )
            for what, page, chosen in (
                ("Overview, a group", OVERVIEW, GROUPS[0]),
                ("Overview, a batch", OVERVIEW, BATCHES_CHOSEN[0]),
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

        peers: dict[str, Seconds] = {
            "queries": lambda: asked_directly(sides, page, shown[-1]),
            "duckdb": lambda: asked_by_hand(sides.duckdb, page, shown[-1], tab),
        }
        if sides.pandas and page is OVERVIEW:
            other = tabs.enter_context(Tab(sides.pandas.url))
            other.look(shown[0])
            peers["pandas"] = lambda: asked_of_pandas(other, shown[-1], tab)
        if sqlite := sides.sqlite:
            peers["sqlite"] = lambda: asked_by_hand(sqlite, page, shown[-1], tab)
        taken = interleaved(ours, *peers.values(), longest=PATIENCE_WITH_PEERS)
    return compared(what, taken[0], **dict(zip(peers, taken[1:], strict=True)))


def same_view(sides: Sides) -> Row:
    """The Overview in a new tab, seen by somebody before."""
    chosen = Filters(asof=next(sides.days))
    visitors = {"ours": sides.ours} | ({"pandas": sides.pandas} if sides.pandas else {})
    for server in visitors.values():
        seen(server, chosen)
    taken = interleaved(*(partial(seen, server, chosen) for server in visitors.values()))
    found = dict(zip(visitors, taken, strict=True))
    return compared("Overview, the same view in another tab", found.pop("ours"), **found)


def seen(server: Server, chosen: Filters) -> float:
    """The seconds of a look in a new tab."""
    with Tab(server.url) as tab:
        return tab.look(chosen)


def lookups(sides: Sides) -> list[Row]:
    """One code found by its whole text, on the Codes page."""
    asking = Asking(sides.duckdb.words, Filters())
    _, [found] = sides.duckdb.answer([Question("some_codes", text("some_codes"), {})])
    codes = [row[0] for row in found]
    turns = {side: cycle(codes[1:]) for side in ("ours", "duckdb", "sqlite")}
    peers = {"duckdb": lambda: asked(sides.duckdb, asking.codes_with(next(turns["duckdb"])))}
    if sqlite := sides.sqlite:
        peers["sqlite"] = lambda: asked(sqlite, asking.codes_with(next(turns["sqlite"])))
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
    asking = Asking(sides.duckdb.words, Filters())
    for label, column in CODE_COLUMNS.items():
        for descending in (False, True):
            seconds = tab.set(codes_sort=label, codes_descending=descending)
            ours.append(tab.set(codes_page=page) if page > 1 else seconds)
            if with_peer:
                order = f"{column} {'desc' if descending else 'asc'}"
                peer.append(asked(sides.duckdb, asking.codes_rows(order, PAGE * (page - 1))))
    peers = {"duckdb": peer} if with_peer else {}
    return compared(f"Codes, sorted by each column both ways, {what}", ours, **peers)


def footprints(sides: Sides) -> list[Row]:
    """What each process holds after all these pages, and held at most."""
    processes = {"ours": sides.ours.process, "duckdb": sides.duckdb.process}
    if sides.pandas:
        processes["pandas"] = sides.pandas.process
    if sides.sqlite:
        processes["sqlite"] = sides.sqlite.process
    return [
        Row(what, **{name: megabytes(held(p.pid, kind)) for name, p in processes.items()})
        for what, kind in (("Memory after these pages", "VmRSS"), ("Peak memory", "VmHWM"))
    ]


def downloads(sides: Sides) -> list[Row]:
    """All codes through the route, and the same rows written by DuckDB."""
    server = sides.ours
    file = sides.direct.scratch / "peer.csv"
    waits: list[float] = []
    rises: list[int] = []
    sizes: list[int] = []
    pulse: list[float] = []

    def download() -> float:
        before = memory(server)
        forget_peak(server)
        with (
            feeling_the_pulse(server.url, pulse),
            stopwatch() as elapsed,
            httpx.stream("GET", f"{server.url}/export/codes.csv", timeout=GIVE_UP) as answer,
        ):
            chunks = answer.iter_raw()
            size = len(next(chunks))
            waits.append(elapsed())
            size += sum(map(len, chunks))
            seconds = elapsed()
        assert answer.status_code == 200, answer.status_code
        rises.append(memory(server, "VmHWM") - before)
        sizes.append(size)
        return seconds

    def write() -> float:
        copying = Question("copy_codes", text("copy_codes"), {"file": str(file)})
        seconds = asked(sides.duckdb, [copying])
        sizes.append(file.stat().st_size)
        file.unlink()
        return seconds

    ours, peer = interleaved(download, write, longest=PATIENCE_WITH_FILES)
    (size,) = set(sizes)  # or the files differ
    return [
        compared(f"Download of all codes, {megabytes(size)}", ours, duckdb=peer),
        Row("Download, per second", speed(size, ours), duckdb=speed(size, peer)),
        Row("Download, until its first byte", times(waits)),
        Row("Download, rise of the server's memory, the first time", megabytes(rises[0])),
        Row("Download, rise of the server's memory, at most", megabytes(max(rises))),
        Row("/_stcore/health meanwhile", spread(pulse)),
    ]


# What is measured on the running app, in this order.
MEASURES: Sequence[Callable[[Sides], list[Row]]] = (pages, lookups, sorts, footprints, downloads)


# --- how each is measured ---------------------------------------------------------------------


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    store = Store(path)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def visited(store: str, parquet: str = "", sample: str = "0") -> Iterator[Server]:
    """The app over a store, or its pandas peer over Parquet files."""
    how = {"VOUCHERS_SAMPLE": sample}
    script = "app.py"
    if parquet:
        script, how = (
            "tests/peers/pandas_app.py",
            how | {"PEER_DATA": parquet, "PYTHONPATH": "."},
        )
    log = Path(store).with_name(f"{Path(script).stem}.log")
    with serving(Path(store), log, script, **how) as server:
        yield server


@contextmanager
def feeling_the_pulse(url: str, waits: list[float]) -> Iterator[None]:
    """Ask the app every ten milliseconds whether it is well."""
    is_over = threading.Event()

    def ask() -> None:
        # Over a connection that is used again, an answer may wait 40 ms for an acknowledgement.
        with httpx.Client(base_url=url, headers={"Connection": "close"}) as client:
            while not is_over.wait(0.01):
                with stopwatch() as elapsed:
                    client.get("/_stcore/health")
                    waits.append(elapsed())

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        is_over.set()
        asking.join()


def import_into_empty(folder: Path, file: Path) -> float:
    with (
        tempfile.TemporaryDirectory(dir=folder) as spare,
        opened(Path(spare) / "vouchers.duckdb") as empty,
        stopwatch() as elapsed,
    ):
        imported = load(empty, file)
        seconds = elapsed()
    assert imported.new == imported.rows, imported
    return seconds


def import_of_changed(full: Store, file: Path) -> float:
    with stopwatch() as elapsed:
        imported = load(full, file)
        seconds = elapsed()
    assert imported.updated == imported.rows, imported
    return seconds


def staging(file: Path) -> float:
    """The peer of an import: read the file as text and type it, with nothing kept."""
    with duckdb.connect() as db:
        run_script(db, "store/macros/typing")
        with stopwatch() as elapsed:
            run_script(db, "importing/codes/1_stage", path=str(file), columns=file_columns("codes"))
            return elapsed()


def peak_of_import(store: Path, file: Path) -> int:
    """Import by the command; the most memory that it held, in bytes.

    Asked of the running process, because wait4 counts what this one held before it began.
    """
    command = [sys.executable, "-m", "data.load", "--store", str(store), str(file)]
    peak = 0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        while process.poll() is None:
            peak = max(peak, held(process.pid, "VmHWM"))
            time.sleep(0.01)
        said.seek(0)
        assert process.returncode == 0, said.read().decode()
    return peak


def asked_directly(sides: Sides, page: Page, filters: Filters) -> float:
    """The app's own queries for a page, one after the other, asked of DuckDB directly."""
    now = datetime.now()
    with stopwatch() as elapsed:
        for name, chosen, values in page.queries(filters):
            with sides.direct.cursor() as cursor:
                run(cursor, name, chosen, now, **values)
        return elapsed()


def asked(engine: Engine, questions: Iterable[Question]) -> float:
    return engine.answer(questions)[0]


def asked_by_hand(engine: Engine, page: Page, filters: Filters, ours: Tab) -> float:
    """A page's answers in plain SQL over the raw tables."""
    questions = list(ASKED[page.path](Asking(engine.words, filters)))
    seconds, rows = engine.answer(questions)
    assert_agreement(tiles_of(questions, rows), ours.tiles)
    return seconds


def asked_of_pandas(theirs: Tab, filters: Filters, ours: Tab) -> float:
    seconds = theirs.look(filters)
    assert_agreement(theirs.tiles, ours.tiles)
    return seconds


def assert_agreement(theirs: dict[str, str], ours: dict[str, str]) -> None:
    """Those tiles that both show say the same, or different work would be compared."""
    both = theirs.keys() & ours.keys()
    assert both
    assert {label: theirs[label] for label in both} == {label: ours[label] for label in both}


# --- the run ----------------------------------------------------------------------------------


def measured(scale: str, filled: Path | None) -> list[Row]:
    """All measures; without those of imports where a store has been filled before."""
    data = files(scale)
    with (
        tempfile.TemporaryDirectory(prefix="voucher-explorer-bench-") as name,
        ExitStack() as stack,
    ):
        folder = Path(name)
        store, raw = filled or folder / "vouchers.duckdb", folder / "raw.duckdb"
        rows = [] if filled else imports(data, store)
        raw_tables(store, raw)
        copies = kept_copies(raw, data.codes.parent) if SCALES[scale] <= WITH_ALL_PEERS else None
        rows += starts(store, copies.parquet if copies else None)
        direct = stack.enter_context(opened(Path(copyfile(store, folder / "copy.duckdb"))))
        ours = stack.enter_context(visited(str(store)))
        pandas = sqlite = None
        if copies:
            pandas = stack.enter_context(visited(str(store), parquet=str(copies.parquet)))
            sqlite = stack.enter_context(closing(Engine("sqlite", copies.sqlite)))
        engine = stack.enter_context(closing(Engine("duckdb", raw)))
        days = (STATUS_DAY + timedelta(days=n) for n in count())
        sides = Sides(ours, direct, engine, days, pandas, sqlite)
        return rows + [row for measure in MEASURES for row in measure(sides)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("scale", choices=SCALES, help="how many codes there are")
    parser.add_argument("-o", "--output", type=Path, default=REPORT, help="the report")
    parser.add_argument("--store", type=Path, help="filled before by tests.bench_data: no imports")
    options = parser.parse_args()
    note = "" if SCALES[options.scale] <= WITH_ALL_PEERS else WITHOUT_PEERS
    text_of_run = section(
        options.scale, options.scale, measured(options.scale, options.store), note
    )
    print(text_of_run)
    save(options.output, options.scale, text_of_run)


if __name__ == "__main__":
    main()
