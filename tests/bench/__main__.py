"""How fast is it? `python -m tests.bench 1M`, or `make bench SCALE=1M`. For Linux.

Each measure runs in turn with its peers (ours, peer, peer, ours, …), so that whatever else
the machine does meets all of them, and the medians are compared. docs/bench.md says what the
peers are. Their tiles are compared with ours: none of them does less work.
"""

import argparse
import tempfile
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from shutil import copyfile

from tests.bench.analyses import analyses
from tests.bench.choices import STATUS_DAY
from tests.bench.downloads import downloads
from tests.bench.fill import SCALES, files
from tests.bench.imports import imports
from tests.bench.notebooks import notebooks
from tests.bench.peers.copies import Copies, kept_copies, raw_tables
from tests.bench.peers.dashboards import ENVIRONMENT, Dashboard, named, versions
from tests.bench.peers.datasette import running_datasette
from tests.bench.peers.engines import Engine
from tests.bench.peers.pandas_analyses import tables
from tests.bench.peers.superset import running_superset
from tests.bench.people import sign_in_costs
from tests.bench.report import BESIDE, REPORT, Row, save, section
from tests.bench.servers import opened, starts, visited
from tests.bench.sql_cells import sql_cells
from tests.bench.views import Sides, footprints, lookups, pages, sorts

WITH_ALL_PEERS = 10**7  # codes
WITHOUT_PEERS = """
Beyond ten million codes the peers with pandas and with SQLite are not asked: the one does not
fit the memory, and the other takes minutes for a page.
"""
# What is measured on the running app, in this order.
MEASURES: Sequence[Callable[[Sides], list[Row]]] = (
    *(pages, lookups, sorts, sign_in_costs, analyses),
    *(notebooks, sql_cells, footprints, downloads),
)


def measured(scale: str, filled: Path | None, peers: Collection[str]) -> list[Row]:
    """All measures; without those of imports where a store has been filled before."""
    data = files(scale)
    with (
        tempfile.TemporaryDirectory(prefix="voucher-explorer-bench-") as name,
        ExitStack() as stack,
    ):
        folder = Path(name)
        store, raw = filled or folder / "vouchers.duckdb", folder / "raw.duckdb"
        rows = [] if filled else shown(imports(data, store))
        raw_tables(store, raw)
        copies = kept_copies(raw, data.codes.parent) if SCALES[scale] <= WITH_ALL_PEERS else None
        rows += shown(starts(store, copies.parquet if copies else None))
        direct = stack.enter_context(opened(Path(copyfile(store, folder / "copy.duckdb"))))
        ours = stack.enter_context(visited(str(store)))
        pandas = sqlite = None
        if copies:
            pandas = stack.enter_context(visited(str(store), parquet=str(copies.parquet)))
            sqlite = stack.enter_context(closing(Engine("sqlite", copies.sqlite)))
        engine = stack.enter_context(closing(Engine("duckdb", raw)))
        days = (STATUS_DAY + timedelta(days=n) for n in count())
        in_memory = tables(copies.parquet) if copies else None
        servers = dashboards(peers, raw, copies, stack)
        sides = Sides(ours, direct, engine, days, pandas, sqlite, in_memory, servers)
        for measure in MEASURES:
            rows += shown(measure(sides))
        return rows


def dashboards(
    names: Collection[str], raw: Path, copies: Copies | None, stack: ExitStack
) -> dict[str, Dashboard]:
    """The dashboard servers with these names, running until the stack ends."""
    found: dict[str, Dashboard] = {}
    if "superset" in names:
        found["superset"] = stack.enter_context(running_superset(raw, raw.parent))
    if "datasette" in names and copies:
        found["datasette"] = stack.enter_context(running_datasette(copies.sqlite, raw.parent))
    return found


def shown(rows: list[Row]) -> list[Row]:
    """The rows, printed at once: what was measured before a failure is not lost."""
    for row in rows:
        print(*filter(None, row), sep=" | ", flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("scale", choices=SCALES, help="how many codes there are")
    parser.add_argument("-o", "--output", type=Path, default=REPORT, help="the report")
    parser.add_argument("--store", type=Path, help="filled before by tests.bench.fill: no imports")
    parser.add_argument(
        "--peers", type=named, default=(), help="servers to measure too: superset,datasette"
    )
    options = parser.parse_args()
    if options.peers and not ENVIRONMENT.exists():
        parser.error("these peers are not installed: run make .venv/peers.done")
    note = "" if SCALES[options.scale] <= WITH_ALL_PEERS else WITHOUT_PEERS
    if options.peers:
        note += f"\nBeside: {versions(options.peers)}.\n"
    rows = measured(options.scale, options.store, options.peers)
    title = BESIDE.format(options.scale) if options.peers else options.scale
    save(options.output, title, section(title, options.scale, rows, note))


if __name__ == "__main__":
    main()
