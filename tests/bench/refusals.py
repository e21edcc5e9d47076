"""Measures how fast a wrong file is refused."""

from pathlib import Path

from data.importing.pipeline import load
from data.store.database import Store
from data.store.errors import Refused
from tests.bench.measuring import interleaved
from tests.bench.report import Row, compared
from tests.support.rows import CODES, Code, lines
from tests.support.tab import stopwatch

ONE_LINE = 100_000_000  # bytes
ROWS = 70_000


def refusals(store: Store, folder: Path) -> list[Row]:
    """A line of 100 MB, and a wrong date in the last row of a file of several blocks."""
    long_line, wrong_date = folder / "long_line.csv", folder / "wrong_date.csv"
    long_line.write_bytes(lines(CODES, b"x" * ONE_LINE))
    rows = [Code(f"QZ{n:05}", "A group with a rather long name") for n in range(ROWS)]
    wrong_date.write_bytes(lines(CODES, *rows, Code("QZ", start="soon")))
    of_line, of_date = interleaved(
        lambda: refusal(store, long_line), lambda: refusal(store, wrong_date)
    )
    return [
        compared(f"Refusal of a line of {ONE_LINE // 10**6} MB", of_line),
        compared(f"Refusal of a wrong date after {ROWS:,} rows", of_date),
    ]


def refusal(store: Store, file: Path) -> float:
    """The seconds until a file is refused."""
    with stopwatch() as elapsed:
        try:
            load(store, file)
        except Refused:
            return elapsed()
    raise AssertionError(f"{file.name} was imported.")
