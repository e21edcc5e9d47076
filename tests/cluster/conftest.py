"""Clusters that run for all tests of this folder, and a store of odd rows."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest

from data.store.database import Store
from queries.engine.cluster.address import problem_at
from queries.engine.cluster.cluster import Cluster
from tests.support.clusters import servers
from tests.support.clusters.both import Odd
from tests.support.clusters.odd_store import ODD, make_store, write_files

# What a question takes along: small tables of the store, and the lines of a list.
SMALL = ("imports", "changes", "code_totals")
# And the keys of a file that is imported: those of every third code.
CODES = "from vouchers.codes where code_id % 3 = 0"
KEYS = {
    "keys_of_file": f"distinct code, looks(code) as look, digits(look) as digits {CODES}",
    "numbers_of_file": "transaction_id from vouchers.transactions where transaction_id like '%1'",
}


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    """Let no test fail by itself where what it starts is not there."""
    if problem := servers.missing():
        pytest.exit(problem, returncode=1)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Spark]:
    """Apache Spark: a master, two workers and a Connect server."""
    with servers.spark(tmp_path_factory.mktemp("spark")) as running:
        yield running


@pytest.fixture(scope="session")
def sail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Sail."""
    with servers.sail(tmp_path_factory.mktemp("sail")) as address:
        yield address


@pytest.fixture(scope="session")
def clusters(spark: servers.Spark, sail: str) -> Iterator[list[Cluster]]:
    """All clusters."""
    # As the app does at its start: two threads that first import PySpark at once may fail.
    assert problem_at(sail) is None
    with closing(Cluster(sail)) as young, closing(Cluster(spark.address)) as usual:
        yield [young, usual]


@pytest.fixture(scope="session", params=["sail", "spark"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Each of the clusters."""
    running = request.getfixturevalue(request.param)
    with closing(Cluster(running if isinstance(running, str) else running.address)) as opened:
        yield opened


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    """A store of odd rows and its files. Nobody changes them."""
    folder: Path = tmp_path_factory.mktemp("odd")
    with closing(Store(make_store(folder))) as store:
        with store.cursor() as cursor:
            tables = {
                f"vouchers.{table}": cursor.table(f"vouchers.{table}").to_arrow_table()
                for table in SMALL
            }
            for table, made in KEYS.items():
                tables[table] = cursor.sql(f"select {made}").to_arrow_table()
        codes = [f"A{ODD[0]}", f"B{ODD[4]}", "A1", "Z3", "nobody's"]
        numbers = pa.array(range(len(codes)), pa.int64())
        tables["list_1"] = pa.table({"code": codes})
        tables["list_lines"] = pa.table({"line": numbers, "code": codes})
        yield Odd(store, write_files(store, folder), tables)
