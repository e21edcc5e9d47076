"""The benchmark's report: one table per scale, one section per kind of run, in docs/bench.md."""

import os
import platform
import re
import sqlite3
import statistics
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.bench.choices import PILOT_CODES
from tests.bench.fill import SCALES
from tests.bench.measuring import RUNS
from tests.support.paths import ROOT

REPORT = ROOT / "docs" / "bench.md"
BESIDE = "{}, beside dashboard servers"  # a title, of a run with PEERS
GROWTH = "How cost grows"  # a title, of what tests/bench/growth.py writes
MEGABYTE = 1_000_000


class Row(NamedTuple):
    """A line of the table."""

    what: str
    ours: str
    queries: str = ""
    duckdb: str = ""
    pandas: str = ""
    sqlite: str = ""
    datasette: str = ""
    superset: str = ""


HEADER = Row(
    "What",
    "Voucher Explorer",
    "its queries alone",
    "plain SQL in DuckDB",
    "Streamlit with pandas",
    "SQLite with indexes",
    "Datasette (SQLite with indexes)",
    "Apache Superset (DuckDB)",
)
INTRODUCTION = f"""# How fast it is

Measured by `make bench SCALE=…` and `make load SCALE=…`; each section is one run. A time is the
median of {RUNS} runs with the fastest and the slowest in brackets, taken in turn with those of the
peers. “3.0 ×” says how many times as long as Voucher Explorer a peer takes; below 1, it is faster.
What was wanted, and why some of it is missed, says [targets.md](targets.md).

- **Pages**: on the server, from the request to the last message of the finished page, over the
  WebSocket that a browser uses, without its drawing. A filter changes in an open tab, to a choice
  that was not asked before. A view “as of another day” judges the status on a day that was not
  asked before, so that no answer at all is at hand.
- **Its queries alone**: those of queries/*.sql that the page asks, one after the other, over a copy
  of the store, nothing at hand.
- **Plain SQL in DuckDB**: the same answers as an analyst would ask them of the two raw tables, by
  hand (tests/bench/peers/sql), in a process of its own with as much memory as the app has.
- **Streamlit with pandas**: the same Overview over data in memory
  (tests/bench/peers/pandas_app.py),
  asked as the app is. Its data come from Parquet files, not from CSV.
- **Analyses**: their queries alone; the peer with pandas has both tables in memory, in one process.
- **A notebook**: 20 cells, ten charts of the pages, each with the notebook's filter and with one of
  its own. The first screen is there when the third chart has been sent. The peer asks the same 20
  results by hand, one after the other.
- **SQL cells**: three questions of an analyst, in the sandbox and its process. “Its queries alone”
  is the same SQL over the same copy without the sandbox, in the benchmark's own process.
- **SQLite with indexes**: the plain SQL again, with an index per filter, in a process of its own.
- **Datasette** and **Apache Superset**, where `PEERS=superset,datasette make bench` names them: the
  same SQL, a request for each result, six at a time as in a browser, from the first request to the
  last response, without drawing.
  Datasette serves the file of SQLite with indexes, for the same pages, with as large a page cache.
  It keeps no results itself, and lets a browser keep them for five seconds.
  Superset has the two raw tables in DuckDB. Each result is a chart over a dataset with its SQL, and
  the SQL is set to the new choice before time is taken. It runs in a process for each core, with
  20 threads and a connection that stays open, or DuckDB would open its file again for each request.
  A changed page passes its cache by; “the same view in another tab” comes from it: it is in files.
- The peers leave out the small curves of the tiles. Every tile of theirs was compared with ours.
- A **pilot** is a batch, and a group, of {PILOT_CODES:,} codes at every scale.
- **Import**: the peer is DuckDB reading the same file as text and typing it, with nothing checked
  and nothing kept. **Download**: the peer is DuckDB's COPY of the raw table into a file.
"""


def compared(what: str, ours: Sequence[float], **peers: Sequence[float]) -> Row:
    """A line of times, each peer's with how many times as long as ours it took."""
    return Row(what, times(ours), **{name: beside(ours, took) for name, took in peers.items()})


def beside(ours: Sequence[float], peer: Sequence[float]) -> str:
    if not peer:
        return ""
    quotient = statistics.median(peer) / statistics.median(ours)
    return f"{times(peer)}, {quotient:.{1 if quotient >= 1 else 2}f} ×"


def times(seconds: Sequence[float]) -> str:
    """The median, and how far the runs lie apart: 512 ms (480–610)."""
    middle = statistics.median(seconds)
    factor, unit, digits = (1, "s", 1) if middle >= 1 else (1000, "ms", 0)
    low, mid, high = (
        f"{value * factor:,.{digits}f}" for value in (min(seconds), middle, max(seconds))
    )
    fewer = "" if len(seconds) >= RUNS else f", {len(seconds)} runs only"
    return f"{mid} {unit} ({low}–{high}{fewer})"


def spread(seconds: Sequence[float]) -> str:
    """What half of them, nearly all and all stay under."""
    ordered = sorted(seconds)
    parts = (
        ("p50", ordered[len(ordered) // 2]),
        ("p95", ordered[len(ordered) * 95 // 100]),
        ("p99", ordered[len(ordered) * 99 // 100]),
        ("max", ordered[-1]),
    )
    return ", ".join(f"{name} {1000 * value:,.0f} ms" for name, value in parts)


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
    return f"Python {platform.python_version()}, {libraries}, SQLite {sqlite3.sqlite_version}"


def section(title: str, scale: str, rows: Sequence[Row], note: str = "") -> str:
    """The section of one run, without the columns that nothing is in."""
    filled = [n for n in range(len(HEADER)) if n < 2 or any(row[n] for row in rows)]
    lines = [
        "| " + " | ".join(row[n] for n in filled) + " |"
        for row in (HEADER, Row(*["---"] * len(HEADER)), *rows)
    ]
    codes_and = f"{SCALES[scale]:,} codes and {SCALES[scale] * 35 // 100:,} transactions"
    about = f"About {codes_and}, on {date.today()}.\n{machine()}.\n{versions()}."
    return f"## {title}\n\n{about}\n{note}\n" + "\n".join(lines) + "\n"


def sections_of(report: Path) -> dict[str, str]:
    """What the report has so far, by the titles."""
    text = report.read_text("utf-8") if report.exists() else ""
    parts = re.split(r"(?m)^(?=## )", text)[1:]
    return {part.splitlines()[0].removeprefix("## "): part for part in parts}


def save(report: Path, title: str, text: str) -> None:
    """Put one section in its place, and leave the others."""
    sections = sections_of(report) | {title: text}
    kinds = ("{}", BESIDE, "Load, {}", "Load, {}, alone")
    titles = [*(name for kind in kinds for name in map(kind.format, SCALES)), GROWTH]
    kept = [sections[name].rstrip() + "\n" for name in titles if name in sections]
    report.parent.mkdir(exist_ok=True)
    report.write_text("\n".join([INTRODUCTION, *kept]), "utf-8")
