"""Measures imports."""

import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

import duckdb

from data.importing.pipeline import load
from data.importing.scope import LONGEST
from data.importing.stage import file_columns
from data.store.database import Store
from data.store.sql import run_script
from tests.bench.fill import Files, add_pilots, write_scope
from tests.bench.measuring import held, interleaved
from tests.bench.refusals import refusals
from tests.bench.report import Row, compared, megabytes
from tests.bench.servers import opened
from tests.support.paths import ROOT
from tests.support.tab import stopwatch

PATIENCE_WITH_FILES = 40.0  # the same for imports and downloads of everything


def imports(data: Files, store: Path) -> list[Row]:
    """Import into an empty store, and into a full one. Leaves the full one behind."""
    peaks = [peak_of_import(store, file) for file in (data.codes, data.transactions)]
    with opened(store) as full:
        write_scope(full, data.batches)
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
        rows_of_refusals = refusals(full, store.parent)
        add_pilots(full, store.parent)
    rows.append(compared("Import of 2.5% of the codes, all changed", ours, duckdb=peer))
    return [
        *rows,
        *rows_of_refusals,
        Row("Peak memory while importing all codes", megabytes(peaks[0])),
        Row("Peak memory while importing all transactions", megabytes(peaks[1])),
        Row("Peak memory while importing the changed codes", megabytes(peaks[2])),
    ]


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
        for macros in ("typing", "csv_file"):
            run_script(db, f"store/macros/{macros}")
        with stopwatch() as elapsed:
            run_script(
                db,
                "importing/codes/1_stage",
                path=str(file),
                columns=file_columns("codes"),
                longest=LONGEST,
            )
            return elapsed()


def peak_of_import(store: Path, file: Path) -> int:
    """Import by the command; the most memory that it held, in bytes.

    Read while the process runs, because wait4 counts what this one held before it began.
    """
    command = [sys.executable, "-m", "data.load", "--store", str(store), str(file)]
    peak = 0
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
        while process.poll() is None:
            peak = max(peak, held(process.pid, "VmHWM"))
            time.sleep(0.01)
        output.seek(0)
        assert process.returncode == 0, output.read().decode()
    return peak
