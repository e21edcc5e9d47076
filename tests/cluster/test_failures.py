"""What happens when a part of a cluster is lost, or nobody wants its answer any more."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from queries.engine.cluster.asking import Asking
from queries.engine.cluster.cluster import Answer, Cluster
from queries.engine.cluster.errors import (
    Abandoned,
    ClusterAway,
    ClusterFailed,
    FilesUnseen,
    NotOnCluster,
)
from queries.filters import Filters
from tests.support.clusters.both import Odd, Rows, here, there, values_of
from tests.support.clusters.servers import HOST, Spark, free_port

TIMES = 20_000  # of each code: so many that a question takes some seconds
VALUES = values_of(Filters(), search="1", whole=False)


@pytest.fixture(scope="module")
def large(odd: Odd, tmp_path_factory: pytest.TempPathFactory) -> Odd:
    """The odd store's files, each of its codes many times."""
    file = tmp_path_factory.mktemp("large") / "codes.parquet"
    with duckdb.connect() as db:
        db.execute(
            "copy (select codes.* from read_parquet($files) as codes, range($times))"
            " to $file (format parquet)",
            {"files": odd.files["codes"], "times": TIMES, "file": str(file)},
        )
    return odd._replace(files={**odd.files, "codes": [str(file)]})


@pytest.fixture
def asked(spark: Spark) -> Iterator[Cluster]:
    """Spark, in a session of the test's own."""
    with closing(Cluster(spark.address)) as cluster:
        yield cluster


class InThread:
    """An answer that is read in a thread."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.rows: Rows = []
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        try:
            self.rows = self._answer.table().to_pylist()
        except Exception as error:
            self.error = error


def codes_in(odd: Odd) -> int:
    (row,) = here(odd, "codes_found", VALUES | {"search": None})
    return int(row["codes"]) * TIMES


def test_a_worker_that_is_lost_changes_no_answer(asked: Cluster, spark: Spark, large: Odd) -> None:
    values = VALUES | {"search": None}
    there(large, asked, "codes_found", values)  # the executors are there now
    reading = InThread(asked.ask("select_code_totals", values, large.files))
    time.sleep(1)
    assert reading.thread.is_alive()
    spark.workers.pop().kill()
    reading.thread.join(120)
    spark.workers.append(spark.start_worker())
    assert reading.error is None
    assert sum(row["codes"] for row in reading.rows) == codes_in(large)


def test_a_server_that_was_started_again_answers_the_next_question(
    asked: Cluster, spark: Spark, odd: Odd
) -> None:
    before = there(odd, asked, "codes_found", VALUES)
    assert spark.connect is not None
    spark.connect.kill()
    with pytest.raises(ClusterAway):
        there(odd, asked, "codes_found", VALUES)
    spark.start_connect()
    assert there(odd, asked, "codes_found", VALUES) == before == here(odd, "codes_found", VALUES)


def test_a_session_that_the_server_has_ended_is_begun_anew(asked: Cluster, odd: Odd) -> None:
    before = there(odd, asked, "codes_found", VALUES)
    asked._connection._connected()[0].stop()
    assert there(odd, asked, "codes_found", VALUES) == before


def test_a_cluster_that_is_away_is_said_in_one_sentence(odd: Odd) -> None:
    cluster = Cluster(f"sc://{HOST}:{free_port()}")
    begun = time.monotonic()
    with pytest.raises(ClusterAway, match=r"^The cluster that holds the rows does not answer"):
        there(odd, cluster, "codes_found", VALUES)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("lost", [["QZ7.parquet"], ["codes_0.parquet", "QZ7.parquet"]])
def test_files_that_a_cluster_does_not_see_are_not_left_out(
    cluster: Cluster, odd: Odd, lost: list[str]
) -> None:
    folder = Path(odd.files["codes"][0]).parent
    paths = [str(folder / name) for name in lost]
    unseen = odd._replace(files={**odd.files, "codes": paths})
    with pytest.raises(FilesUnseen) as failure:
        there(unseen, cluster, "codes_found", VALUES)
    assert "QZ7" not in str(failure.value)


def test_what_the_engine_says_is_not_repeated(
    cluster: Cluster, odd: Odd, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "QZ7.parquet"
    broken.write_bytes(b"no Parquet at all")
    with pytest.raises(ClusterFailed, match=r"could not answer codes_found \(\w+\)\.$") as failure:
        there(
            odd._replace(files={**odd.files, "codes": [str(broken)]}),
            cluster,
            "codes_found",
            VALUES,
        )
    captured = capfd.readouterr()
    assert "QZ7" not in f"{failure.value}{failure.value.__cause__}{captured.out}{captured.err}"


def test_a_question_is_cancelled_from_another_thread(asked: Cluster, large: Odd) -> None:
    asking = Asking()
    values = VALUES | {"search": None}
    reading = InThread(asked.ask("select_code_totals", values, large.files, asking=asking))
    time.sleep(0.5)
    until = time.monotonic() + 30
    while reading.thread.is_alive() and time.monotonic() < until:
        asking.interrupt()
        time.sleep(0.05)
    assert isinstance(reading.error, Abandoned)
    assert there(large, asked, "codes_found", values) == [{"codes": codes_in(large)}]


def test_rows_come_in_parts(asked: Cluster, large: Odd) -> None:
    batches = iter(asked.ask("table_codes", VALUES, large.files).reader())
    first = next(batches)
    assert 0 < first.num_rows < codes_in(large)
    assert first.num_rows + sum(batch.num_rows for batch in batches) == codes_in(large)


@pytest.mark.parametrize("name", ["weekday_hour", "to_check", "plan", "nothing"])
def test_other_queries_are_not_asked(odd: Odd, name: str) -> None:
    with pytest.raises(NotOnCluster):
        Cluster(f"sc://{HOST}:1").ask(name, VALUES, odd.files)
