"""Datasette over SQLite with indexes: it runs the SQL of a request, and keeps no results."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.bench.peers.dashboards import LONGEST, Dashboard, Request, client_of, program
from tests.bench.peers.engines import Rows, in_texts
from tests.bench.peers.statements import SQLITE, Statement
from tests.support.clusters.servers import HOST, Process, free_port, wait_for

SETTINGS = {
    "sql_time_limit_ms": 1000 * LONGEST,
    "max_returned_rows": 2000,  # the options of a filter are 1,001
    "cache_size_kb": 1_333_333,  # of SQLite, for each of three threads: 4 GB in all
}


class Datasette(Dashboard):
    """A running Datasette that serves one database."""

    dialect = SQLITE

    def __init__(self, client: httpx.Client, group: int, database: str) -> None:
        super().__init__(client, group)
        self.path = f"/{database}.json"

    def requests(self, statements: Sequence[Statement], from_cache: bool) -> list[Request]:
        return [Request("GET", self.path, parameters_of(statement)) for statement in statements]

    def rows(self, response: dict[str, Any]) -> Rows:
        assert not response["truncated"]
        return [tuple(row) for row in response["rows"]]


def parameters_of(statement: Statement) -> dict[str, str]:
    """The parameters of a request: the statement's own are among them, as texts."""
    values = {name: str(value) for name, value in in_texts(statement.parameters).items()}
    return values | {"sql": statement.sql, "_shape": "arrays"}


@contextmanager
def running_datasette(file: Path, folder: Path) -> Iterator[Datasette]:
    """Datasette over an SQLite file that nobody changes, until the block ends."""
    port = free_port()
    settings = [
        part for name, value in SETTINGS.items() for part in ("--setting", name, str(value))
    ]
    process = Process(
        [
            *(program("datasette"), "serve", "--immutable", file),
            *("--host", HOST, "--port", str(port), *settings),
        ],
        folder / "datasette.log",
    )
    try:
        wait_for(port, process)
        yield Datasette(client_of(port), process.group, file.stem)
    finally:
        process.kill()
