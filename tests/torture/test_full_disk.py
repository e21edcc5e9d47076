"""A full disk is reported and harms nothing; limits are set in processes of their own."""

import contextlib
import multiprocessing
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.preview import preview
from data.store.errors import Refused, StoreUnavailable
from tests.support.commands import NO_LIMIT, limit_file_size, run_load
from tests.support.rows import SECRET, Code, codes_file
from tests.support.stores import opened
from tests.support.weeks import (
    Week,
    assert_a_sentence,
    assert_originals_are_whole,
    make_week,
    store_state,
)


@dataclass(frozen=True)
class Attempt:
    """One import with a limit, and the same one without it."""

    limit: int
    doing: str  # last
    message: str  # by Refused; nothing where it was stored
    escaped: str  # the name of an exception that is no Refused
    is_exact: bool  # afterwards the store holds what it should
    has_log: bool  # stored, but the checkpoint failed
    again: str  # why the import did not work afterwards

    @property
    def stage(self) -> str:
        """Where it failed, if it did."""
        if self.has_log:
            return "checkpoint"
        return self.doing if self.message or self.escaped else "stored"


@contextlib.contextmanager
def full_disk(limit: int) -> Iterator[None]:
    limit_file_size(limit)
    try:
        yield
    finally:
        limit_file_size(NO_LIMIT)


def attempt_import(week: Week, folder: Path, limit: int, memory: str) -> Attempt:
    """Import with a limit and then without, in one process. Runs in a process of its own."""
    os.environ["VOUCHERS_MEMORY"] = memory
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])  # each thread needs memory
    path = week.copy_to(folder)
    doing: list[str] = []
    message = escaped = again = ""
    with opened(path) as store:
        with full_disk(limit):
            try:
                load(store, week.file, progress=lambda share, what: doing.append(what))
            except Refused as error:
                message = str(error)
            except Exception as error:
                escaped = type(error).__name__
        log = path.with_name("vouchers.duckdb.wal")
        has_log = not (message or escaped) and log.exists()
        is_exact = store_state(store) == (week.before if message or escaped else week.after)
        try:
            load(store, week.file)
        except Exception as error:
            again = f"{type(error).__name__}: {error}"
        is_exact = is_exact and store_state(store)["numbers"] == week.after["numbers"]
        assert_originals_are_whole(store)
    with opened(path) as store:
        is_exact = is_exact and store_state(store)["codes"] == week.after["codes"]
    shutil.rmtree(folder)
    return Attempt(limit, doing[-1] if doing else "", message, escaped, is_exact, has_log, again)


@pytest.fixture(scope="module")
def other_process() -> Iterator[ProcessPoolExecutor]:
    """Another process, for what must not harm this one."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool


@dataclass(frozen=True)
class Scene:
    """An import whose stages fail one after the other as the limit grows."""

    known: int
    changed: int
    new: int
    memory: str
    first: int  # the limit, beside 0 and 50,000, in bytes more than the store has
    step: int
    stages: set[str]


SCENES = {
    # The log outgrows the store: the original fails, then the commit.
    "commit": Scene(20_000, 10_000, 40_000, "4GB", 0, 3_000_000, {"Storing", "stored"}),
    # The store outgrows the log: the commit works, and the checkpoint after it fails.
    "checkpoint": Scene(
        *(150_000, 1_000, 5_000, "4GB", -1_200_000, 400_000),
        {"Storing", "checkpoint", "stored"},
    ),
    # More than fits the memory: what the engine spills to the disk fails too.
    "spill": Scene(
        *(20_000, 1_000, 180_000, "90MB", 0, 20_000_000),
        {"Storing", "stored"},
    ),
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_disk_that_is_full_at_any_stage_is_reported_and_harms_nothing(
    tmp_path: Path, other_process: ProcessPoolExecutor, scene: str
) -> None:
    case = SCENES[scene]
    week = make_week(tmp_path, case.known, case.changed, case.new)
    size = week.store.stat().st_size
    attempts: list[Attempt] = []
    limits = [0, 50_000, *range(size + case.first, size + 60 * case.step, case.step)]
    for number, limit in enumerate(limits):
        folder = tmp_path / f"attempt{number}"
        attempts.append(
            other_process.submit(attempt_import, week, folder, limit, case.memory).result(120)
        )
        if attempts[-1].stage == "stored":
            break
    failed = [attempt for attempt in attempts if attempt.message or attempt.escaped]
    assert [attempt for attempt in attempts if not attempt.is_exact] == []
    assert [attempt for attempt in attempts if attempt.again] == []
    assert {attempt.stage for attempt in attempts} >= case.stages
    assert [attempt for attempt in failed if attempt.escaped] == []
    for message in {attempt.message for attempt in failed}:
        assert_a_sentence(message)
        assert re.search("disk|room|cannot be kept", message), message


@pytest.mark.parametrize("limit", [0, 100, 5_000, 300_000])
def test_the_command_reports_a_full_disk_in_one_sentence(
    small: Week, tmp_path: Path, limit: int
) -> None:
    path = small.copy_to(tmp_path / "full")
    done = run_load(path, small.file, disk=limit)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr, done.stderr
    assert_a_sentence(done.stderr)
    assert re.search("disk|room|cannot be kept", done.stderr), done.stderr
    with opened(path) as store:
        assert store_state(store) == small.before
    assert run_load(path, small.file).returncode == 0
    with opened(path) as store:
        assert store_state(store) == small.after


def read_while_full(week: Week, folder: Path) -> tuple[bool, list[bool | str], bool]:
    """Let the checkpoint fail, and query while the disk stays full. In a process of its own."""
    path = week.copy_to(folder)
    with opened(path) as store:
        reading = store.cursor()  # somebody reads all the time
        reading.execute("from vouchers.codes").fetchmany(1)
        results: list[bool | str] = []
        with full_disk(week.store.stat().st_size):
            load(store, week.file)
            failed = path.with_name("vouchers.duckdb.wal").exists()
            for _ in range(3):
                try:
                    results.append(store_state(store) == week.after)
                except StoreUnavailable as error:
                    results.append(str(error))
                with contextlib.suppress(Refused, StoreUnavailable):
                    load(store, week.file)
        return failed, results, store_state(store)["numbers"] == week.after["numbers"]


def test_the_store_gives_right_results_while_its_checkpoints_fail(
    small: Week, tmp_path: Path, other_process: ProcessPoolExecutor
) -> None:
    attempt = other_process.submit(read_while_full, small, tmp_path / "full")
    failed, results, is_back = attempt.result(60)
    assert failed, "The checkpoint did not fail."
    assert results[0] is True, results
    for result in results[1:]:  # the import came in once more by then, or did not
        if isinstance(result, str):
            assert_a_sentence(result)
    assert is_back


def test_a_store_that_the_engine_invalidated_reopens_by_itself(
    small: Week, tmp_path: Path, other_process: ProcessPoolExecutor
) -> None:
    # As in the test before, but the disk has room again before the next import.
    attempt = other_process.submit(
        attempt_import, small, tmp_path / "full", small.store.stat().st_size, "4GB"
    ).result(60)
    assert (attempt.stage, attempt.escaped, attempt.again) == ("checkpoint", "", "")
    assert attempt.is_exact


def recoded_while_full(week: Week, folder: Path) -> list[str]:
    """The messages of preview and import without room for a copy. In a process of its own."""
    path = week.copy_to(folder)
    message = []
    with opened(path) as store:
        for look in (
            lambda: preview(store, week.file, "windows-1252"),
            lambda: load(store, week.file, encoding="windows-1252"),
        ):
            try:
                with full_disk(100_000):
                    look()
            except Refused as error:
                message.append(str(error))
            except OSError as error:
                message.append(f"{type(error).__name__} escaped")
        assert store_state(store) == week.before
        assert not list(store.scratch.iterdir())
        load(store, week.file, encoding="windows-1252")
    return message


def test_a_disk_that_is_too_full_for_reading_windows_1252_is_reported(
    small: Week, tmp_path: Path, other_process: ProcessPoolExecutor
) -> None:
    message = other_process.submit(recoded_while_full, small, tmp_path / "full").result(60)
    assert len(message) == 2
    for text in message:
        assert "escaped" not in text
        assert_a_sentence(text)
        assert re.search("disk|room", text), text


def test_a_store_that_could_not_be_created_on_a_full_disk_is_created_once_there_is_room(
    tmp_path: Path,
) -> None:
    path = tmp_path / "vouchers.duckdb"
    file = codes_file(tmp_path / "codes.csv", Code(f"{SECRET}1"))
    done = run_load(path, file, disk=1_000)
    assert done.returncode == 1
    assert_a_sentence(done.stderr)
    assert "damaged" not in done.stderr
    again = run_load(path, file)
    assert again.returncode == 0, again.stderr
