"""Measures downloads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.bench.imports import PATIENCE_WITH_FILES
from tests.bench.measuring import forget_peak, interleaved, memory
from tests.bench.peers.statements import Statement, text
from tests.bench.report import Row, compared, megabytes, speed, spread, times
from tests.bench.views import Sides, seconds_of
from tests.support.tab import GIVE_UP, stopwatch


def downloads(sides: Sides) -> list[Row]:
    """All codes through the route, and the same rows written by DuckDB."""
    server = sides.ours
    file = sides.direct.scratch / "peer.csv"
    waits: list[float] = []
    rises: list[int] = []
    sizes: list[int] = []
    health: list[float] = []

    def download() -> float:
        before = memory(server)
        forget_peak(server)
        with (
            polling_health(server.url, health),
            stopwatch() as elapsed,
            httpx.stream("GET", f"{server.url}/export/codes.csv", timeout=GIVE_UP) as response,
        ):
            chunks = response.iter_raw()
            size = len(next(chunks))
            waits.append(elapsed())
            size += sum(map(len, chunks))
            seconds = elapsed()
        assert response.status_code == 200, response.status_code
        rises.append(memory(server, "VmHWM") - before)
        sizes.append(size)
        return seconds

    def write() -> float:
        copying = Statement("copy_codes", text("copy_codes"), {"file": str(file)})
        seconds = seconds_of(sides.duckdb, [copying])
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
        Row("/_stcore/health meanwhile", spread(health)),
    ]


@contextmanager
def polling_health(url: str, waits: list[float]) -> Iterator[None]:
    """Request the health route every ten milliseconds; appends the seconds of each response."""
    is_over = threading.Event()

    def poll() -> None:
        # Over a connection that is used again, a response may wait 40 ms for an acknowledgement.
        with httpx.Client(base_url=url, headers={"Connection": "close"}) as client:
            while not is_over.wait(0.01):
                with stopwatch() as elapsed:
                    client.get("/_stcore/health")
                    waits.append(elapsed())

    polling = threading.Thread(target=poll)
    polling.start()
    try:
        yield
    finally:
        is_over.set()
        polling.join()
