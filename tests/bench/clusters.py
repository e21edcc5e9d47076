"""How fast are clusters? `make bench-clusters STORE=…`, over a store on a lake.

Each query is run by the app's own DuckDB, of Sail and of Apache Spark with two workers of one
core and with one, all on this machine, warm: the first run of each does not count.
"""

import argparse
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from data.store.database import Store
from data.store.lake import near
from data.store.lake.lake import Lake
from data.store.settings import PARQUET, rows_folder
from data.store.sql import Cursor
from queries.downloading.write import write
from queries.engine import elsewhere, selection
from queries.engine.totals import read_data_until, run
from queries.filters import Filters
from tests.bench.choices import FOLDERS, SITES, STATUS_DAY
from tests.bench.measuring import RUNS
from tests.bench.report import machine, times
from tests.support.clusters import servers
from tests.support.tab import stopwatch

FILE_OF_CODES = (
    "create or replace temp table staged as select 'LATE' || hash(n)::text as code"
    " from range(5000) as numbers(n)"
)
FIRST_PAGE: dict[str, Any] = {"sort": "code", "descending": False, "offset": 0, "of": None}
OPTIONS = "-XX:+UseSerialGC"  # Java, for servers that live for long


class Measure(NamedTuple):
    """One query: its result, or the digest of that, is the same everywhere."""

    what: str
    run: Callable[[Store, Cursor, int], str]


class Measured(NamedTuple):
    """The seconds and the results of one query, run by run."""

    seconds: list[float]
    results: list[str]


def page_by_code(_store: Store, cursor: Cursor, _number: int) -> str:
    rows = run(cursor, "codes_rows", Filters(), search=None, whole=False, **FIRST_PAGE)
    return str(list(rows["code"]))


def one_site(_store: Store, cursor: Cursor, number: int) -> str:
    return _selected(cursor, "redemption_totals", SITES[number % len(SITES)])


def another_day(_store: Store, cursor: Cursor, number: int) -> str:
    day = date.fromordinal(STATUS_DAY.toordinal() + number % len(SITES))
    return _selected(cursor, "code_totals", Filters(asof=day))


def new_batch(store: Store, cursor: Cursor, _number: int) -> str:
    """The rows that a file of 5,000 new codes may touch."""
    cursor.execute(FILE_OF_CODES)
    assert isinstance(store.rows, Lake)
    with near.near(cursor, "codes", store.rows.paths(cursor), store.scratch) as paths:
        sql = "from rows_in($paths) where looks(code) in (select looks(code) from staged)"
        found = cursor.execute(sql, {"paths": paths["codes"]}).fetchall()
    return str(found)


def one_folder(store: Store, cursor: Cursor, number: int) -> str:
    """The CSV file of a fourteenth or so of the codes."""
    file = store.scratch / "bench.csv"
    write(cursor, "codes", FOLDERS[number % len(FOLDERS)], None, file)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    file.unlink()
    return digest


MEASURES = (
    Measure("First page of codes, by code", page_by_code),
    Measure("Redemption totals of one site", one_site),
    Measure("Code totals as of another day", another_day),
    Measure("Rows near a file of 5,000 new codes", new_batch),
    Measure("CSV of the codes of one folder", one_folder),
)


def _selected(cursor: Cursor, totals: str, filters: Filters) -> str:
    data_until = read_data_until(cursor)
    table = selection.select(cursor, totals, filters, data_until, from_rows=True)
    try:
        digest = f"select count(*), bit_xor(hash(columns(*))) from {table}"  # noqa: S608
        return str(cursor.execute(digest).fetchall())
    finally:
        selection.drop(cursor, table)


@contextmanager
def used(address: str, store: Store) -> Iterator[None]:
    """Use the cluster at the address; with none, no cluster."""
    if address:
        elsewhere.ask_at(address, rows_folder(store.path))
        near.use(near.Cluster(elsewhere.write, elsewhere.interrupt))
    try:
        yield
    finally:
        near.use(None)
        elsewhere.stop_asking()


def measured(store: Store, address: str, runs: int) -> dict[str, Measured]:
    """Each measure, warm."""
    found: dict[str, Measured] = {}
    with used(address, store), store.cursor() as cursor:
        for measure in MEASURES:
            seconds, results = found[measure.what] = Measured([], [])
            for number in range(runs + 1):
                with stopwatch() as elapsed:
                    results.append(measure.run(store, cursor, number))
                    seconds.append(elapsed())
            del seconds[0]
    return found


def clusters(folder: Path) -> Iterator[tuple[str, str]]:
    """Each engine with its address; it runs until the next one is wanted."""
    yield "DuckDB", ""
    with servers.sail(folder) as address:
        yield "Sail", address
    for workers in (2, 1):
        (place := folder / f"spark-{workers}").mkdir()
        with servers.spark(place, workers, OPTIONS) as running:
            yield f"Spark, {workers} worker{'s' * (workers > 1)}", running.address


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.clusters")
    parser.add_argument("store", type=Path, help="whose rows lie on a lake")
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args(arguments)
    store = Store(options.store, engine=PARQUET)
    near.READ_HERE = -1
    print(f"{machine()}, {options.runs} runs each\n")
    with tempfile.TemporaryDirectory() as folder:
        first: dict[str, Measured] = {}
        for who, address in clusters(Path(folder)):
            found = measured(store, address, options.runs)
            first = first or found
            for what, (seconds, results) in found.items():
                assert results == first[what].results, f"{who}: {what}"
                print(f"| {who} | {what} | {times(seconds)} |", flush=True)
    store.close()


if __name__ == "__main__":
    main()
