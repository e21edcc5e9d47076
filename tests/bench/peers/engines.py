"""DuckDB and SQLite, each in a process of its own: `python -m tests.bench.peers.engines KIND FILE`.

Statements go in pickled, and the seconds that they took come back with their rows. So each
engine has memory that can be measured, as the app has.
"""

import pickle
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.bench.peers.statements import DUCKDB, SQLITE, Statement
from tests.support.paths import ROOT

DIALECTS = {"duckdb": DUCKDB, "sqlite": SQLITE}
MEMORY = "4GB"  # of DuckDB, as much as the app allows itself

Rows = list[tuple[Any, ...]]
Run = Callable[[Statement], Rows]


class Engine:
    """An engine at work in another process, until it is closed."""

    def __init__(self, kind: str, file: Path) -> None:
        self.dialect = DIALECTS[kind]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.peers.engines", kind, str(file)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, statements: Iterable[Statement]) -> tuple[float, list[Rows]]:
        """The seconds that the statements took, one after the other, and their rows."""
        assert self.process.stdin
        assert self.process.stdout
        pickle.dump(list(statements), self.process.stdin)
        self.process.stdin.flush()
        result: tuple[float, list[Rows]] = pickle.load(self.process.stdout)
        return result

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def open_duckdb(file: str) -> Run:
    db = duckdb.connect(file, read_only=True, config={"memory_limit": MEMORY})
    return lambda statement: db.execute(statement.sql, statement.parameters).fetchall()


def open_sqlite(file: str) -> Run:
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    # A page cache as large as the memory of the others, so that it never waits for the disk.
    db.executescript(
        "pragma cache_size = -4000000; pragma temp_store = memory; pragma threads = 2;"
    )
    return lambda statement: db.execute(statement.sql, in_texts(statement.parameters)).fetchall()


def in_texts(values: dict[str, Any]) -> dict[str, Any]:
    """Times as SQLite compares them."""
    return {
        name: value.isoformat(" ", "seconds") if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def main() -> None:
    """Run what comes in until nothing more does."""
    kind, file = sys.argv[1:]
    run = {"duckdb": open_duckdb, "sqlite": open_sqlite}[kind](file)
    while True:
        try:
            statements: list[Statement] = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        start = time.perf_counter()
        rows = [run(statement) for statement in statements]
        pickle.dump((time.perf_counter() - start, rows), sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
