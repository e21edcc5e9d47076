"""Many at once: `python -m tests.bench.load 1M`, or `make load SCALE=1M`. For Linux.

Twenty people click through filters, each in a tab of their own, while a million codes are
imported by the command and three files are downloaded, all by way of the one running app.
With `--people 100 --alone` it is a hundred, and nothing is imported or downloaded.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from shutil import copyfile

import httpx
from websockets.exceptions import WebSocketException

from queries.filters import Filters
from tests.bench.choices import (
    BATCHES_CHOSEN,
    FOLDERS,
    GROUPS,
    PERIODS,
    PILOT_GROUPS,
    PREFIXES,
    SITES,
)
from tests.bench.fill import SCALES, fill, more_codes
from tests.bench.measuring import memory
from tests.bench.report import REPORT, Row, megabytes, save, section, spread
from tests.bench.servers import opened, visited
from tests.support.paths import ROOT
from tests.support.server import Server
from tests.support.tab import GIVE_UP, Tab, stopwatch

PEOPLE = 20
IMPORTED = 1_000_000
AT_LEAST = 60.0  # seconds of clicking, even where the import and the downloads are over sooner
DOWNLOADS = ("codes.csv", "transactions.csv", "codes.csv?group=Email")
CHOICES = (GROUPS, FOLDERS, PREFIXES, BATCHES_CHOSEN, PERIODS, SITES, PILOT_GROUPS)


@dataclass
class Clicks:
    """What all people saw."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def clicks_of(dice: random.Random) -> Iterator[Filters]:
    """One filter after the other, and from time to time all of them cleared."""
    chosen = Filters()
    while True:
        choice = dice.choice(dice.choice(CHOICES))
        named = {f.name: v for f in fields(choice) if (v := getattr(choice, f.name)) is not None}
        chosen = Filters() if dice.random() < 0.3 else replace(chosen, **named)
        yield chosen


def person(number: int, url: str, thinking: float, is_over: threading.Event, seen: Clicks) -> None:
    dice = random.Random(number)
    clicks = clicks_of(dice)
    with Tab(url) as tab:
        tab.look(Filters())
        while not is_over.wait(dice.uniform(0.5, 1.5) * thinking):
            try:
                seen.seconds.append(tab.look(next(clicks)))
            except (AssertionError, WebSocketException, TimeoutError) as error:
                seen.errors.append(f"a click: {type(error).__name__} {error}")


def imported(store: Path, file: Path) -> float:
    """The seconds of the command, which hands its work to the running app."""
    command = [sys.executable, "-m", "data.load", "--store", str(store), str(file)]
    with stopwatch() as elapsed:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        return elapsed()


def downloaded(url: str, name: str) -> float:
    with (
        stopwatch() as elapsed,
        httpx.stream("GET", f"{url}/export/{name}", timeout=GIVE_UP) as response,
    ):
        response.raise_for_status()
        for _ in response.iter_raw():
            pass
        return elapsed()


def outcome(work: Future[float]) -> str:
    return "failed" if work.exception() else f"{work.result():.1f} s"


def under_load(
    server: Server, people: int, thinking: float, file: Path | None
) -> tuple[list[Row], list[str]]:
    """Everything at once; people alone without a file to import. What it took, and what failed."""
    is_over, seen = threading.Event(), Clicks()
    with ThreadPoolExecutor(people + len(DOWNLOADS) + 1) as pool:
        clicking = [
            pool.submit(person, number, server.url, thinking, is_over, seen)
            for number in range(people)
        ]
        with stopwatch() as elapsed:
            works = beside(pool, server, file) if file else {}
            failed = [f"{what}: {error!r}" for what, w in works.items() if (error := w.exception())]
            time.sleep(max(0.0, AT_LEAST - elapsed()))
            is_over.set()
            failed += [f"a person: {error!r}" for who in clicking if (error := who.exception())]
            whole = elapsed()
    errors = failed + seen.errors
    rows = [
        Row(f"Filter changes of {people} people in {whole:.0f} s", f"{len(seen.seconds):,}"),
        Row("Errors", f"{len(errors):,}"),
        Row("Filter change", spread(seen.seconds)),
        *(Row(what, outcome(work)) for what, work in works.items()),
        Row("Peak memory of the server", megabytes(memory(server, "VmHWM"))),
    ]
    return rows, errors


def beside(pool: ThreadPoolExecutor, server: Server, file: Path) -> dict[str, Future[float]]:
    """Start the import and the downloads."""
    importing = pool.submit(imported, server.store, file)
    return {f"Import of {IMPORTED:,} new codes": importing} | {
        f"Download of {name}": pool.submit(downloaded, server.url, name) for name in DOWNLOADS
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load")
    parser.add_argument("scale", choices=SCALES, help="how many codes there are")
    parser.add_argument("--thinking", type=float, default=5.0, help="seconds between two clicks")
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many click")
    parser.add_argument("--alone", action="store_true", help="without an import and downloads")
    parser.add_argument("--store", type=Path, help="one that is filled: a copy is used")
    parser.add_argument("-o", "--output", type=Path, default=REPORT, help="the report")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="voucher-explorer-load-") as name:
        store, more = Path(name) / "vouchers.duckdb", Path(name) / "more.csv"
        if options.store:
            copyfile(options.store, store)
        else:
            with opened(store) as empty:
                fill(empty, options.scale)
        if not options.alone:
            more_codes(more, IMPORTED)
        file = None if options.alone else more
        with visited(str(store)) as app:
            rows, errors = under_load(app, options.people, options.thinking, file)
    note = f"\nEverybody thinks for about {options.thinking:g} s before each click.\n"
    title = f"Load, {options.scale}"
    if options.alone:
        title += ", alone"
    text = section(title, options.scale, rows, note)
    print(text, *errors, sep="\n")
    save(options.output, title, text)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
