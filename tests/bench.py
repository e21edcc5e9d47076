"""How fast is it? `python -m tests.bench 1M`, or `make bench SCALE=1M`. For Linux.

Each measure runs in turn with its peer (ours, peer, ours, peer, …), so that whatever else
the machine does meets both, and the medians are set against each other. The peer is DuckDB
doing what cannot be avoided: reading the file, asking the page's queries, writing the rows.
Every page is asked for a day of status that was never asked before: no answer is at hand.
"""

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.metadata import version
from itertools import count, cycle
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

import duckdb
import httpx

from data.load import load
from data.script import script
from data.store import Store
from queries import export
from queries.filters import Filters
from queries.run import run
from tests.bench_data import (
    BATCH,
    FOLDER,
    GROUP,
    MONTH,
    PREFIX,
    SCALES,
    SITE,
    STATUS_DAY,
    Files,
    files,
    say_scope,
)
from tests.conftest import ROOT, Server, elements, serving, tiles

RUNS = 5
REPORT = ROOT / "docs" / "bench.md"
MEGABYTE = 1_000_000

Query = tuple[str, Filters, dict[str, object]]
Seconds = Callable[[], float]


class Row(NamedTuple):
    """A line of the table."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""


@dataclass(frozen=True)
class Sides:
    """The running app, and a copy of its store that only this process has open."""

    server: Server
    direct: Store
    client: httpx.Client
    days: Iterator[date]  # of status, each a new one


# --- what a page asks -------------------------------------------------------------------------
# The fetch(…) calls of each page, as its script makes them from top to bottom. A call that
# a page gains or loses has to be gained or lost here.


def sidebar(chosen: Filters) -> Iterator[Query]:
    """Of pages/parts/filters.py and frame.py, on every page."""
    for name in ("folder", "group", "prefix", "batch", "campaign", "site", "type", "item"):
        kind = "transactions" if name in ("campaign", "site") else "codes"
        yield f"options_of_{kind}", chosen.with_(name, None), {"field": name, "search": None}
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
    yield "bounds", chosen, {}
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
    yield "codes_found", chosen, {"search": None}
    first_rows = {"sort": "start_date", "descending": True, "search": None, "offset": 0}
    yield "codes_rows", chosen, first_rows


def transactions(chosen: Filters) -> Iterator[Query]:
    yield from sidebar(chosen)
    yield from tile_row(chosen)
    yield "export_transactions_rows", chosen, {}
    yield from over_time(chosen)
    for name in ("site", "group", "campaign"):
        yield f"cancellations_by_{name}", chosen, {}
    yield "transactions_rows", chosen, {"sort": "time", "descending": True, "offset": 0}


class Page(NamedTuple):
    path: str
    queries: Callable[[Filters], Iterator[Query]]


OVERVIEW, CODES, TRANSACTIONS = (
    Page("", overview),
    Page("codes", codes),
    Page("transactions", transactions),
)
VIEWS = (
    ("Overview, another group", OVERVIEW, Filters(group=(GROUP,))),
    ("Overview, another folder", OVERVIEW, Filters(folder=(FOLDER,))),
    ("Overview, another prefix", OVERVIEW, Filters(prefix=(PREFIX,))),
    ("Overview, another batch", OVERVIEW, Filters(batch=(BATCH,))),
    ("Overview, another month", OVERVIEW, Filters(from_=MONTH[0], to=MONTH[1])),
    ("Overview, another site", OVERVIEW, Filters(site=(SITE,))),
    ("Codes, all", CODES, Filters()),
    ("Transactions, all", TRANSACTIONS, Filters()),
)


# --- the measures -----------------------------------------------------------------------------


def imports(data: Files, store: Path) -> list[Row]:
    """Import into an empty store, and into a full one. Leaves the full one behind."""
    peaks = [peak_of_import(store, file) for file in (data.codes, data.transactions)]
    with opened(store) as full:
        say_scope(full, data.batches)
    first, *others = data.changed
    peaks.append(peak_of_import(store, first))
    ours, peer = interleaved(
        lambda: import_into_empty(store.parent, data.codes), lambda: staging(data.codes)
    )
    rows = [compared("Import of all codes into an empty store", ours, peer, by_speed=True)]
    turns, turns_of_peer = cycle(others), cycle(others)
    with opened(store) as full:
        ours, peer = interleaved(
            lambda: import_of_changed(full, next(turns)), lambda: staging(next(turns_of_peer))
        )
    rows.append(compared("Import of 2.5% of the codes, all changed", ours, peer, by_speed=True))
    return [
        *rows,
        Row("Peak memory while importing all codes", megabytes(peaks[0])),
        Row("Peak memory while importing all transactions", megabytes(peaks[1])),
        Row("Peak memory while importing the changed codes", megabytes(peaks[2])),
    ]


def pages(sides: Sides) -> list[Row]:
    """From the request to the finished page, and the page's queries as plain SQL."""
    look(sides, OVERVIEW, Filters())  # the first visitor of all waits for Python's own imports
    rows = first_page(sides)
    rows += [changed_view(sides, *view) for view in VIEWS]
    return [*rows, Row("Memory of the server after these pages", megabytes(memory(sides)))]


def first_page(sides: Sides) -> list[Row]:
    """The Overview in a new tab, and again with the answers at hand."""
    shown: list[tuple[Filters, str]] = []

    def first() -> float:
        filters = Filters(asof=next(sides.days))
        seconds, session = look(sides, OVERVIEW, filters)
        shown.append((filters, session))
        return seconds

    def again() -> float:
        return look(sides, OVERVIEW, *shown[-1])[0]

    def peer() -> float:
        return plain(sides, OVERVIEW, shown[-1][0])

    of_first, of_again, of_peer = interleaved(first, again, peer)
    return [
        compared("Overview, first page", of_first, of_peer),
        compared("Overview, the same view again", of_again, of_peer),
    ]


def changed_view(sides: Sides, what: str, page: Page, chosen: Filters) -> Row:
    """A page in an open tab whose filters change."""
    shown = [chosen.with_("asof", next(sides.days))]
    _, session = look(sides, page, shown[0])

    def change() -> float:
        shown.append(chosen.with_("asof", next(sides.days)))
        return look(sides, page, shown[-1], session)[0]

    ours, peer = interleaved(change, lambda: plain(sides, page, shown[-1]))
    return compared(what, ours, peer)


def downloads(sides: Sides) -> list[Row]:
    """All codes through the route, and the same rows written by DuckDB."""
    file = sides.direct.scratch / "peer.csv"
    waits: list[float] = []
    rises: list[int] = []
    sizes: list[int] = []

    def download() -> float:
        before = memory(sides)
        forget_peak(sides.server)
        with stopwatch() as elapsed, sides.client.stream("GET", "/export/codes.csv") as answer:
            chunks = answer.iter_raw()
            size = len(next(chunks))
            waits.append(elapsed())
            size += sum(map(len, chunks))
            seconds = elapsed()
        assert answer.status_code == 200, answer.status_code
        rises.append(memory(sides, "VmHWM") - before)
        sizes.append(size)
        return seconds

    def write() -> float:
        with sides.direct.cursor() as cursor, stopwatch() as elapsed:
            export.write(cursor, "codes", Filters(), datetime.now(), file)
            seconds = elapsed()
        sizes.append(file.stat().st_size)
        file.unlink()
        return seconds

    ours, peer = interleaved(download, write)
    (size,) = set(sizes)  # or the files differ
    return [
        compared(f"Download of all codes, {megabytes(size)}", ours, peer, by_speed=True),
        Row("Download, until its first byte", times(waits)),
        Row("Download, megabytes per second", speed(size, ours), speed(size, peer)),
        Row("Download, rise of the server's memory, the first time", megabytes(rises[0])),
        Row("Download, rise of the server's memory, later at most", megabytes(max(rises[1:]))),
    ]


# What is measured on the running app. A peer that holds the data itself (Streamlit with
# pandas, SQLite) joins here: a function that starts it and sets it against the same pages.
MEASURES: Sequence[Callable[[Sides], list[Row]]] = (pages, downloads)


# --- how each is measured ---------------------------------------------------------------------


@contextmanager
def stopwatch() -> Iterator[Seconds]:
    start = time.perf_counter()
    yield lambda: time.perf_counter() - start


def interleaved(*sides: Seconds) -> list[list[float]]:
    """Run the sides in turn, several times; the seconds that each of them says it took."""
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(RUNS):
        for seconds, side in zip(taken, sides, strict=True):
            seconds.append(side())
    return taken


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    store = Store(path)
    try:
        yield store
    finally:
        store.close()


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
        script(db, "typing")
        with stopwatch() as elapsed:
            script(db, "codes/stage", path=str(file), compression="none")
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


def look(sides: Sides, page: Page, filters: Filters, session: str = "") -> tuple[float, str]:
    """Ask for a page, in an open tab if there is one. Returns the seconds and the tab."""
    wanted: dict[str, object] = {
        "page": page.path,
        "query_params": {name: filters.texts(name) for name, _ in filters.to_query()},
    }
    if session:
        wanted["session_id"] = session
    with stopwatch() as elapsed:
        answer = sides.client.post("/_stcore/agent/interact", json=wanted)
        seconds = elapsed()
    shown = answer.json()
    assert shown["status"] == "ready", shown
    assert tiles(shown), "the page has no numbers"
    assert not elements(shown, "error"), "a part of the page is missing"
    return seconds, str(shown["session_id"])


def plain(sides: Sides, page: Page, filters: Filters) -> float:
    """The queries of a page, one after the other, asked of DuckDB directly."""
    now = datetime.now()
    with stopwatch() as elapsed:
        for name, chosen, values in page.queries(filters):
            with sides.direct.cursor() as cursor:
                run(cursor, name, chosen, now, **values)
        return elapsed()


def held(process: int, what: str) -> int:
    """Bytes of memory, as Linux tells them: VmRSS now, VmHWM at most so far."""
    said = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    return int(said[1]) * 1024 if said else 0  # a process that has ended holds none


def memory(sides: Sides, what: str = "VmRSS") -> int:
    return held(sides.server.process.pid, what)


def forget_peak(server: Server) -> None:
    """Let VmHWM begin anew."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


# --- the table --------------------------------------------------------------------------------


def compared(
    what: str, ours: Sequence[float], peer: Sequence[float], by_speed: bool = False
) -> Row:
    quotient = statistics.median(ours) / statistics.median(peer)
    ratio = f"{1 / quotient:.2f} × its speed" if by_speed else f"{quotient:.2f} × its time"
    return Row(what, times(ours), times(peer), ratio)


def times(seconds: Sequence[float]) -> str:
    """The median, and how far the runs lie apart: 512 ms (480–610)."""
    middle = statistics.median(seconds)
    factor, unit, digits = (1, "s", 1) if middle >= 1 else (1000, "ms", 0)
    low, mid, high = (
        f"{value * factor:,.{digits}f}" for value in (min(seconds), middle, max(seconds))
    )
    return f"{mid} {unit} ({low}–{high})"


def speed(size: int, seconds: Sequence[float]) -> str:
    return f"{size / MEGABYTE / statistics.median(seconds):,.0f} MB/s"


def megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.0f} MB"


def machine() -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    named = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    processor = named[1] if named else platform.machine()
    return f"{os.cpu_count()} cores ({processor}), {memory:.0f} GiB of memory, {platform.system()}"


def versions() -> str:
    libraries = ", ".join(
        f"{name} {version(name.lower())}" for name in ("DuckDB", "Streamlit", "pandas", "Plotly")
    )
    return f"Python {platform.python_version()}, {libraries}"


def section(scale: str, rows: Sequence[Row]) -> str:
    header = Row("What", "Voucher Explorer", "DuckDB alone", "Ratio")
    lines = ["| " + " | ".join(row) + " |" for row in (header, Row(*["---"] * 4), *rows)]
    codes_and = f"{SCALES[scale]:,} codes and {SCALES[scale] * 35 // 100:,} transactions"
    said = f"About {codes_and}, on {date.today()}.\n{machine()}.\n{versions()}."
    return f"## {scale}\n\n{said}\n\n" + "\n".join(lines) + "\n"


def save(report: Path, scale: str, text: str) -> None:
    """Put the section of one scale in its place, and leave those of the others."""
    before = report.read_text("utf-8") if report.exists() else ""
    sections = {part.split(maxsplit=2)[1]: part for part in re.split(r"(?m)^(?=## )", before)[1:]}
    sections[scale] = text
    parts = [INTRODUCTION, *(sections[name].rstrip() + "\n" for name in SCALES if name in sections)]
    report.parent.mkdir(exist_ok=True)
    report.write_text("\n".join(parts), "utf-8")


INTRODUCTION = f"""# How fast it is

Measured by `make bench SCALE=…`; each section is one run. Every time is the median of {RUNS} runs,
with the fastest and the slowest in brackets, taken in turn with those of its peer.

- **Import**: the peer is DuckDB reading the same file as text and typing it, with nothing checked
  and nothing kept.
- **Pages**: on the server, from the request to the finished page, as Streamlit's agent API sends
  it. Every page has a day of status of its own, so that no answer is at hand, except where it says
  “again”. The peer is DuckDB asked the page's queries (queries/*.sql, those of the filters in the
  sidebar too) one after the other over a copy of the store.
- **Download**: the peer is DuckDB writing the same rows into a file.
"""


def measured(scale: str) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="voucher-explorer-bench-") as name:
        folder = Path(name)
        store = folder / "vouchers.duckdb"
        rows = imports(files(scale), store)
        copy = Path(copyfile(store, folder / "copy.duckdb"))
        patience = {"STREAMLIT_SERVER_AGENT_WAIT_TIMEOUT": "600"}
        with (
            serving(store, folder / "server.log", VOUCHERS_SAMPLE="0", **patience) as server,
            opened(copy) as direct,
            httpx.Client(base_url=server.url, timeout=600) as client,
        ):
            days = (STATUS_DAY + timedelta(days=n) for n in count())
            sides = Sides(server, direct, client, days)
            return rows + [row for measure in MEASURES for row in measure(sides)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("scale", choices=SCALES, help="how many codes there are")
    parser.add_argument("-o", "--output", type=Path, default=REPORT, help="the report")
    options = parser.parse_args()
    text = section(options.scale, measured(options.scale))
    print(text)
    save(options.output, options.scale, text)


if __name__ == "__main__":
    main()
