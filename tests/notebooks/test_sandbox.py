"""The process of a sandbox: its limits, its pages, its end; and how many there are."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.engine.sandbox.cells import NotAllowed, Rows, SqlError, SqlFailed
from queries.engine.sandbox.messages import Message, TooLong, packed, read
from queries.engine.sandbox.pool import Sandboxes
from queries.engine.sandbox.sandbox import Sandbox
from tests.support.sandboxes import cell, error_of, outcome_of, rows_of

ENDLESS = "select sum(a.range * b.range) from range(10000000) a, range(10000000) b"
PROC = Path("/proc")


@pytest.fixture
def own(copy_of_fixtures: Path) -> Iterator[Sandbox]:
    """A sandbox that a test may kill."""
    with closing(Sandbox(copy_of_fixtures, seconds=60)) as opened:
        yield opened


class HeldCopy:
    """A copy that counts how often it was released."""

    def __init__(self, path: Path, version: int = 1) -> None:
        self.path = path
        self.version = version
        self.released = 0

    def release(self) -> None:
        self.released += 1


def pid_of(sandbox: Sandbox) -> int:
    """The number of a sandbox's process, which is started if there is none."""
    sandbox.names("select 1")
    assert sandbox.pid is not None
    return sandbox.pid


def wait_until_busy(pid: int) -> None:
    """Wait until a process computes."""
    began = cpu_ticks(pid)
    while cpu_ticks(pid) < began + 20:
        time.sleep(0.01)


def cpu_ticks(pid: int) -> int:
    fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def is_running(pid: int) -> bool:
    return (PROC / str(pid)).exists()


def test_the_process_has_limits_no_environment_and_no_files_of_the_app(
    sandbox: Sandbox, copy_of_fixtures: Path, tmp_path: Path
) -> None:
    with (tmp_path / "secret.txt").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        with closing(Sandbox(copy_of_fixtures)) as own:
            folder = PROC / str(pid_of(own))
            limits = (folder / "limits").read_text()
            opened = {str(path.readlink()) for path in (folder / "fd").iterdir()}
            environment = (folder / "environ").read_bytes()
            where = (folder / "cwd").readlink()
    rows = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert rows["Max address space"] == [str(4 * 1024**3)] * 2
    assert rows["Max file size"] == ["0", "0"]
    assert rows["Max core file size"] == ["0", "0"]
    assert environment == b""
    assert where == Path("/")
    files = {name for name in opened if name.startswith("/")}
    assert files == {str(copy_of_fixtures), "/dev/null"}


def test_a_cell_that_takes_too_long_is_killed_and_the_next_one_runs(own: Sandbox) -> None:
    before = pid_of(own)
    with pytest.raises(SqlFailed, match="did not finish within 1 seconds"):
        own.run(cell(ENDLESS), seconds=1)
    assert rows_of(own, "select 1") == [(1,)]
    assert own.pid != before


def test_a_cell_is_cancelled_from_another_thread(own: Sandbox) -> None:
    pid = pid_of(own)
    errors: list[SqlError] = []
    thread = threading.Thread(target=lambda: errors.append(error_of(own, ENDLESS)))
    thread.start()
    wait_until_busy(pid)
    own.cancel()
    thread.join()
    assert [str(error) for error in errors] == ["The cell was cancelled."]
    assert rows_of(own, "select 1") == [(1,)]


def test_cancelling_when_nothing_runs_harms_nothing(own: Sandbox) -> None:
    own.cancel()
    before = pid_of(own)
    own.cancel()
    assert rows_of(own, "select 1") == [(1,)]
    assert own.pid == before


def test_a_process_that_is_killed_from_outside_is_started_again(own: Sandbox) -> None:
    os.kill(pid_of(own), 9)
    outcome_of(own, "select 1")  # which may be lost: that the process is gone may be seen late
    assert rows_of(own, "select 1") == [(1,)]


def test_a_process_ends_with_its_sandbox(copy_of_fixtures: Path) -> None:
    own = Sandbox(copy_of_fixtures)
    pid = pid_of(own)
    own.close()
    assert not is_running(pid)


def test_what_sql_names_is_known_without_a_copy() -> None:
    with closing(Sandbox(None, seconds=60)) as reader:
        assert reader.names("with a as (from by_day) select x from a").tables == {"by_day"}
        with pytest.raises(NotAllowed):
            reader.names("select read_text('/etc/passwd')")
        assert isinstance(outcome_of(reader, "select count(*) from chosen_codes"), SqlError)


def test_a_copy_that_is_none_gives_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "copy.duckdb").write_bytes(b"no store")
    with closing(Sandbox(tmp_path / "copy.duckdb")) as own:
        assert str(error_of(own, "select 1")) == "The cell could not be run."


@pytest.mark.parametrize(
    ("rows", "offset", "most", "shown", "count"),
    [
        (10, 0, 1_000, 10, 10),
        (1_000, 0, 1_000, 1_000, 1_000),
        (1_001, 0, 1_000, 1_000, 1_001),
        (5_000, 4_990, 1_000, 10, 5_000),
        (5_000, 4_000, 1_000, 1_000, 5_000),
        (10, 3, 4, 4, 10),
        (10, 10, 4, 0, 10),
        (10, 99, 4, 0, 10),
        (0, 0, 4, 0, 0),
        (9_999, 0, 9_999, 1_000, 9_999),
        (51_000, 0, 1_000, 1_000, 51_000),
        (60_000, 0, 1_000, 1_000, 60_000),
        (60_000, 59_999, 1_000, 1, 60_000),
    ],
)
def test_a_page_has_its_rows_and_the_true_count(
    sandbox: Sandbox, rows: int, offset: int, most: int, shown: int, count: int
) -> None:
    found = sandbox.run(cell(f"from range({rows}) t(n) order by n"), offset=offset, most=most)
    assert found.table.column("n").to_pylist() == list(range(offset, offset + shown))
    assert found.row_count == count
    assert found.columns == [("n", "BIGINT")]


def test_a_page_has_no_more_than_one_megabyte_and_says_how_many_rows_there_are(
    sandbox: Sandbox,
) -> None:
    found = sandbox.run(cell("select repeat('x', 10000) as x from range(700)"))
    assert 0 < found.table.num_rows < 100
    assert found.table.nbytes <= 1_000_000
    assert found.row_count == 700


def test_a_row_that_is_too_large_for_the_screen_is_refused_with_advice(sandbox: Sandbox) -> None:
    error = error_of(sandbox, "select repeat('x', 2000000)")
    assert str(error) == "One row is larger than 1 MB: choose fewer columns, or shorter texts."


def test_all_rows_of_a_result_come_in_batches_after_an_empty_one(sandbox: Sandbox) -> None:
    batches = list(sandbox.batches(cell("select range as n, 'é' as x from range(50000)")))
    assert batches[0].num_rows == 0
    table = pa.Table.from_batches(batches)
    assert table.column_names == ["n", "x"]
    assert table.column("n").to_pylist() == list(range(50_000))


def test_batches_that_nobody_reads_to_their_end_leave_the_sandbox_usable(own: Sandbox) -> None:
    batches = own.batches(cell("from range(100000000)"))
    next(batches)
    next(batches)
    batches.close()
    assert rows_of(own, "select 1") == [(1,)]


def test_a_sandbox_is_closed_although_somebody_has_not_read_on(copy_of_fixtures: Path) -> None:
    own = Sandbox(copy_of_fixtures)
    batches = own.batches(cell("from range(100000000)"))
    next(batches)
    pid = own.pid
    own.close()
    assert pid is not None
    assert not is_running(pid)
    with pytest.raises(SqlFailed, match="was cancelled"):
        list(batches)


def test_batches_raise_what_is_wrong_when_they_are_first_read(sandbox: Sandbox) -> None:
    with pytest.raises(SqlError, match="There is no column"):
        next(sandbox.batches(cell("select nothing from chosen_codes")))


def test_values_of_every_kind_come_as_they_are(sandbox: Sandbox) -> None:
    sql = """
        select null as a, true as b, 1::hugeint as c, 1.25::decimal(9, 2) as d, 'x' as e,
        [1, 2] as f, {'k': 'v'} as g, map {'k': 1} as h, date '2016-01-02' as i,
        interval 3 day as j, time '10:00' as k, 'x'::enum('x', 'y') as l
    """
    found = sandbox.run(cell(sql))
    (row,) = found.table.to_pylist()
    assert (row["b"], row["c"], str(row["d"]), row["e"]) == (True, 1, "1.25", "x")
    assert (row["f"], row["g"], row["l"]) == ([1, 2], {"k": "v"}, "x")
    assert [kind for _, kind in found.columns][:4] == [
        '"NULL"', "BOOLEAN", "HUGEINT", "DECIMAL(9,2)"]  # fmt: skip


@given(
    st.dictionaries(st.text(), st.one_of(st.none(), st.booleans(), st.text(), st.datetimes(),
                                         st.dates(), st.lists(st.text()))),
    st.lists(st.lists(st.integers(-9, 9), max_size=3), max_size=3),
)  # fmt: skip
def test_a_message_is_read_as_it_was_written(
    values: dict[str, object], numbers: list[list[int]]
) -> None:
    tables = tuple(pa.table({"n": pa.array(column, pa.int64())}) for column in numbers)
    data = packed({"values": values}, tables)
    place = iter(range(len(data) + 1))
    assert read(lambda length: bytes(data[next(place)] for _ in range(length))) == Message(
        {"values": values}, tables
    )


def test_a_message_that_is_too_long_is_not_read() -> None:
    data = packed({"text": "x" * 1_000})
    with pytest.raises(TooLong):
        read(lambda length: data[:length], most=500)


def test_a_notebook_keeps_its_sandbox_and_one_hold_of_its_copy(copy_of_fixtures: Path) -> None:
    first, second = HeldCopy(copy_of_fixtures), HeldCopy(copy_of_fixtures)
    with closing(Sandboxes()) as pool:
        with pool.using("a", first) as sandbox:
            pid = pid_of(sandbox)
        with pool.using("a", second) as sandbox:
            assert pid_of(sandbox) == pid
        assert (first.released, second.released) == (0, 1)
    assert (first.released, second.released) == (1, 1)


def test_the_sandbox_that_was_not_used_for_longest_makes_room(copy_of_fixtures: Path) -> None:
    copies = {name: HeldCopy(copy_of_fixtures) for name in "abcd"}
    pids = {}
    with closing(Sandboxes()) as pool:
        for name in "abcd":
            with pool.using(name, copies[name]) as sandbox:
                pids[name] = pid_of(sandbox)
        assert [is_running(pids[name]) for name in "abcd"] == [False, True, True, True]
        assert [copies[name].released for name in "abcd"] == [1, 0, 0, 0]


def test_a_sandbox_that_nobody_uses_ends(copy_of_fixtures: Path) -> None:
    copy = HeldCopy(copy_of_fixtures)
    with closing(Sandboxes(idle_seconds=0.2)) as pool:
        with pool.using("a", copy) as sandbox:
            pid = pid_of(sandbox)
        while is_running(pid):
            time.sleep(0.02)
    assert copy.released == 1


def test_a_newer_copy_ends_the_sandbox_of_the_older_one(
    copy_of_fixtures: Path, tmp_path: Path
) -> None:
    older, newer = HeldCopy(copy_of_fixtures, 1), HeldCopy(tmp_path / "newer.duckdb", 2)
    newer.path.write_bytes(copy_of_fixtures.read_bytes())
    with closing(Sandboxes()) as pool:
        for copy in (older, newer):
            with pool.using("a", copy) as sandbox:
                pid_of(sandbox)
        assert (older.released, newer.released) == (1, 0)


def test_a_notebook_keeps_the_sandboxes_of_two_copies_of_the_same_data(
    copy_of_fixtures: Path, tmp_path: Path
) -> None:
    first, second = HeldCopy(copy_of_fixtures), HeldCopy(tmp_path / "second.duckdb")
    second.path.write_bytes(copy_of_fixtures.read_bytes())
    pids = []
    with closing(Sandboxes()) as pool:
        for copy in (first, second, first, second):
            with pool.using("a", copy) as sandbox:
                pids.append(pid_of(sandbox))
        assert (first.released, second.released) == (0, 0)
    assert pids[:2] == pids[2:]
    assert pids[0] != pids[1]


def test_a_fourth_notebook_waits_until_another_one_has_ended(copy_of_fixtures: Path) -> None:
    with closing(Sandboxes(most=1)) as pool:
        entered = threading.Event()

        def use() -> None:
            with pool.using("b", HeldCopy(copy_of_fixtures)):
                entered.set()

        thread = threading.Thread(target=use)
        with pool.using("a", HeldCopy(copy_of_fixtures)):
            thread.start()
            assert not entered.wait(0.2)
        thread.join()
        assert entered.is_set()


def test_the_cells_of_a_notebook_are_cancelled_by_its_name(copy_of_fixtures: Path) -> None:
    errors: list[SqlError] = []
    with closing(Sandboxes()) as pool, pool.using("a", HeldCopy(copy_of_fixtures)) as sandbox:
        pid = pid_of(sandbox)
        thread = threading.Thread(target=lambda: errors.append(error_of(sandbox, ENDLESS)))
        thread.start()
        wait_until_busy(pid)
        pool.cancel("b")
        pool.cancel("a")
        thread.join()
    assert [str(error) for error in errors] == ["The cell was cancelled."]


def test_a_table_that_is_given_can_be_large(sandbox: Sandbox) -> None:
    table = pa.table({"n": list(range(300_000))})
    assert rows_of(sandbox, "select sum(n) from given", [Rows("given", table)]) == [
        (sum(range(300_000)),)
    ]
