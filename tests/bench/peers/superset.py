"""Apache Superset over the raw tables in DuckDB: each statement is a dataset with a chart."""

import json
import os
import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.bench.peers.dashboards import LONGEST, Dashboard, Request, client_of, program
from tests.bench.peers.engines import MEMORY, Rows
from tests.bench.peers.statements import DUCKDB, Statement
from tests.support.clusters.servers import HOST, Process, free_port, wait_for

CONFIGURATION = Path(__file__).with_name("superset_config.py")
API = "/api/v1"
USER = "bench"
MOST_ROWS = 50_000  # its own default for a chart


@dataclass
class Dataset:
    """SQL that Superset knows under a number."""

    number: int
    columns: list[str]
    sql: str


class Superset(Dashboard):
    """A running Superset, signed in to, that has the raw tables as a database."""

    dialect = DUCKDB

    def __init__(self, client: httpx.Client, group: int, file: Path, password: str) -> None:
        super().__init__(client, group)
        account = {"username": USER, "password": password, "provider": "db"}
        token = self._post("security/login", account)["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"
        arguments = {"read_only": True, "config": {"memory_limit": MEMORY}}
        database = {
            "database_name": "vouchers",
            "sqlalchemy_uri": f"duckdb:///{file}",
            "extra": json.dumps({"engine_params": {"connect_args": arguments}}),
        }
        self.database = self._post("database/", database)["id"]
        self.datasets: dict[tuple[int, str], Dataset] = {}

    def requests(self, statements: Sequence[Statement], from_cache: bool) -> list[Request]:
        datasets = [self._dataset(place, statement) for place, statement in enumerate(statements)]
        return [chart_of(dataset, from_cache) for dataset in datasets]

    def rows(self, response: dict[str, Any]) -> Rows:
        # An object's columns have the order in which the request names them.
        return [tuple(row.values()) for row in response["result"][0]["data"]]

    def _post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        return self.send(Request("POST", f"{API}/{path}", body=body))

    def _dataset(self, place: int, statement: Statement) -> Dataset:
        """The dataset of a place on the page, with the statement's SQL."""
        sql = written_out(statement)
        dataset = self.datasets.get((place, statement.name))
        if not dataset:
            dataset = self._new_dataset(f"{place} {statement.name}", sql)
            self.datasets[place, statement.name] = dataset
        elif dataset.sql != sql:
            self.send(Request("PUT", f"{API}/dataset/{dataset.number}", body={"sql": sql}))
            dataset.sql = sql
        return dataset

    def _new_dataset(self, name: str, sql: str) -> Dataset:
        wanted = {"database": self.database, "table_name": name, "sql": sql}
        made = self._post("dataset/", wanted)
        columns = [column["column_name"] for column in made["data"]["columns"]]
        return Dataset(made["id"], columns, sql)


def chart_of(dataset: Dataset, from_cache: bool) -> Request:
    """The request for all rows of a dataset, as a table on a dashboard sends it."""
    chart = {
        "datasource": {"id": dataset.number, "type": "table"},
        "queries": [{"columns": dataset.columns, "row_limit": MOST_ROWS}],
        "force": not from_cache,
    }
    return Request("POST", f"{API}/chart/data", body=chart)


def written_out(statement: Statement) -> str:
    """The SQL with its parameters in it: a dataset has none."""
    values = statement.parameters
    return re.sub(r"\$(\w+)", lambda mark: literal(values[mark[1]]), statement.sql)


def literal(value: str | int | datetime) -> str:
    """A value as DuckDB reads it in SQL."""
    if isinstance(value, datetime):
        return f"timestamp '{value}'"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


@contextmanager
def running_superset(file: Path, folder: Path) -> Iterator[Superset]:
    """Superset over a DuckDB file, with its own settings in a new folder, until the block ends."""
    log, password, port = folder / "superset.log", secrets.token_hex(), free_port()
    environment = {
        "SUPERSET_CONFIG_PATH": str(CONFIGURATION),
        "SUPERSET_HOME": str(folder / "superset"),
        "SUPERSET_SECRET_KEY": secrets.token_hex(),
    }
    (folder / "superset").mkdir()
    _set_up(password, log, environment)
    # As many threads as its own image has; a process for each core was faster than one.
    workers = str(os.cpu_count() or 1)
    server = ("--workers", workers, "--worker-class", "gthread", "--threads", "20")
    process = Process(
        [
            *(program("gunicorn"), *server, "--timeout", str(LONGEST)),
            *("--bind", f"{HOST}:{port}", "superset.app:create_app()"),
        ],
        log,
        **environment,
    )
    try:
        wait_for(port, process)
        yield Superset(client_of(port), process.group, file, password)
    finally:
        process.kill()


def _set_up(password: str, log: Path, environment: dict[str, str]) -> None:
    """Make its file of settings, with one user who may do everything."""
    names = [f"--{name}={USER}" for name in ("username", "firstname", "lastname")]
    user = [*names, f"--email={USER}@example.com", f"--password={password}"]
    for command in (["db", "upgrade"], ["fab", "create-admin", *user], ["init"]):
        with log.open("ab") as output:
            subprocess.run(
                [program("superset"), *command],
                env=os.environ | environment,
                stdout=output,
                stderr=output,
                check=True,
            )
