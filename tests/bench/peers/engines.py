"""DuckDB and SQLite, each in a process of its own: `python -m tests.bench.peers.engines KIND FILE`.

Questions go in pickled, and the seconds that they took come back with their rows. So each
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

from tests.bench.peers.answers import DUCKDB, SQLITE, Question
from tests.support.paths import ROOT

WORDS = {"duckdb": DUCKDB, "sqlite": SQLITE}

Rows = list[tuple[Any, ...]]
Ask = Callable[[Question], Rows]


class Engine:
    """An engine at work in another process, until it is closed."""

    def __init__(self, kind: str, file: Path) -> None:
        self.words = WORDS[kind]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.peers.engines", kind, str(file)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def answer(self, questions: Iterable[Question]) -> tuple[float, list[Rows]]:
        """The seconds that the questions took, one after the other, and their rows."""
        assert self.process.stdin
        assert self.process.stdout
        pickle.dump(list(questions), self.process.stdin)
        self.process.stdin.flush()
        answered: tuple[float, list[Rows]] = pickle.load(self.process.stdout)
        return answered

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def ask_duckdb(file: str) -> Ask:
    """DuckDB with as much memory as the app allows itself."""
    db = duckdb.connect(file, read_only=True, config={"memory_limit": "4GB"})
    return lambda question: db.execute(question.sql, question.values).fetchall()


def ask_sqlite(file: str) -> Ask:
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    # A page cache as large as the memory of the others, so that it never waits for the disk.
    db.executescript(
        "pragma cache_size = -4000000; pragma temp_store = memory; pragma threads = 2;"
    )
    return lambda question: db.execute(question.sql, in_texts(question.values)).fetchall()


def in_texts(values: dict[str, Any]) -> dict[str, Any]:
    """Times as SQLite compares them."""
    return {
        name: value.isoformat(" ", "seconds") if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def main() -> None:
    """Answer what comes in until nothing more does."""
    kind, file = sys.argv[1:]
    ask = {"duckdb": ask_duckdb, "sqlite": ask_sqlite}[kind](file)
    while True:
        try:
            questions: list[Question] = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        start = time.perf_counter()
        rows = [ask(question) for question in questions]
        pickle.dump((time.perf_counter() - start, rows), sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
