"""Starts the app and its peer with pandas, and measures how long that takes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.store.database import Store
from queries.filters import Filters
from tests.bench.measuring import interleaved
from tests.bench.report import Row, compared, times
from tests.support.server import Server, serving
from tests.support.tab import Tab, stopwatch


def starts(store: Path, parquet: Path | None) -> list[Row]:
    """From the start of the process to its first response, and to the first page."""
    ours: list[tuple[float, float]] = []
    pandas: list[tuple[float, float]] = []
    of_sample: list[tuple[float, float]] = []

    def start(taken: list[tuple[float, float]], **how: str) -> float:
        with stopwatch() as elapsed, visited(**how) as app, Tab(app.url) as tab:
            responds = elapsed()
            tab.look(Filters())
            taken.append((responds, elapsed()))
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
            "tests/bench/peers/pandas_app.py",
            how | {"PEER_DATA": parquet, "PYTHONPATH": "."},
        )
    log = Path(store).with_name(f"{Path(script).stem}.log")
    with serving(Path(store), log, script, **how) as server:
        yield server
