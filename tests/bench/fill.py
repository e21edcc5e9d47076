"""The files of a made-up chain at any scale: `python -m tests.bench.fill 1M STORE`.

The shape is that of data/sample.py, made by DuckDB instead of Python: five groups, fourteen
folders over one year, 428 batches, 400 sites. Every row follows from its number by hashing,
so a scale always gives the same files, and no step holds all rows in memory.

Real files come one batch or folder at a time, and each is imported with its scope.
Hundreds of imports would take hours at the large scales, so here one large file of each kind
is imported without a scope; `write_scope` then writes folder, prefix and batch into the tables,
as hundreds of imports would have. Nothing else in the store is made by hand.
"""

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store import totals
from data.store.database import Store
from data.store.sql import run_script
from tests.bench.chain_sql import (
    ALIKE,
    ALIKE_REDEEMED,
    BATCHES,
    CODES,
    MACROS,
    SCOPE_OF_BATCHES,
    TRANSACTIONS,
    VISITS,
    WITH_SCOPE,
    WITHOUT_SCOPE,
)
from tests.bench.choices import PILOT_CODES, PILOTS

SCALES = {"100k": 10**5, "1M": 10**6, "10M": 10**7, "100M": 10**8}
CHANGES = 6
EDITION = 2  # of the cached files: raise it after a change of chain_sql.py


class Files(NamedTuple):
    """The files of one scale."""

    codes: Path
    transactions: Path
    changed: list[Path]  # 2.5% of the codes, out of all batches, each time with later expiries
    batches: Path  # no export: the scope that each batch would have been imported with


def files(scale: str) -> Files:
    """The files of a scale, made at the first call."""
    folder = Path(tempfile.gettempdir()) / f"voucher-explorer-bench-{scale}-{EDITION}"
    if not folder.exists():
        with tempfile.TemporaryDirectory(prefix=f"{folder.name}-", dir=folder.parent) as unfinished:
            part = Path(unfinished) / "files"
            part.mkdir()
            _make(_in(part), SCALES[scale], Path(unfinished))
            part.rename(folder)
    return _in(folder)


def write_scope(store: Store, batches: Path) -> None:
    """Write into the store which folder, prefix and batch each row is of."""
    with store.cursor() as cursor:
        _run(cursor, WITHOUT_SCOPE)
        run_script(cursor, "store/schema")
        _run(cursor, WITH_SCOPE, file=str(batches))
        totals.recount(cursor)


def add_pilots(store: Store, work: Path) -> None:
    """Import the groups and batches that are as large at every scale."""
    file = work / "pilot.csv"
    with duckdb.connect() as db:
        _run(db, MACROS)
        for number in range(1, PILOTS + 1):
            name, prefix = f"Pilot {number}", f"PILOT{number}"
            for sql in (ALIKE, ALIKE_REDEEMED):
                _run(db, sql, file=str(file), group=name, prefix=prefix, codes=PILOT_CODES)
                load(store, file, Scope("May 2025", prefix, name))
    file.unlink()


def more_codes(file: Path, codes: int) -> None:
    """Write a file of codes that no scale has."""
    with duckdb.connect() as db:
        _run(db, ALIKE, file=str(file), group="Latecomers", prefix="LATE", codes=codes)


def fill(store: Store, scale: str) -> None:
    """Import everything of a scale."""
    data = files(scale)
    load(store, data.codes)
    load(store, data.transactions)
    write_scope(store, data.batches)
    add_pilots(store, store.scratch)


def _in(folder: Path) -> Files:
    changed = [folder / f"changed_{days}.csv" for days in range(1, CHANGES + 1)]
    return Files(folder / "codes.csv", folder / "transactions.csv", changed, folder / "batches.csv")


def _make(made: Files, codes: int, work: Path) -> None:
    with duckdb.connect(work / "visits.duckdb", config={"memory_limit": "4GB"}) as db:
        _run(db, MACROS + BATCHES + VISITS, codes=codes)
        _run(db, SCOPE_OF_BATCHES, file=str(made.batches))
        _run(db, TRANSACTIONS, file=str(made.transactions))
        _run(db, CODES, file=str(made.codes), every=1, later=0)
        for later, file in enumerate(made.changed, start=1):
            _run(db, CODES, file=str(file), every=40, later=later)


def _run(db: duckdb.DuckDBPyConnection, sql: str, **values: object) -> None:
    for statement in duckdb.extract_statements(sql):
        db.execute(statement, {name: values[name] for name in statement.named_parameters})


if __name__ == "__main__":
    scale, path = sys.argv[1:]
    filled = Store(Path(path))
    fill(filled, scale)
    filled.close()
